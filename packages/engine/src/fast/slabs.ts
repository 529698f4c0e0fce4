import type { EntityType } from '@skyeye/language';
import { Dictionary } from './dictionary.ts';
import { EntityTable, KEY_WORDS } from './entity-table.ts';
import { Growing } from './growing.ts';
import { HotList } from './hot-list.ts';
import { IdTable } from './id-table.ts';
import { listsOfStream } from './collect.ts';
import type { Shape } from './layout.ts';

const START_UNITS = 1 << 14;
const START_REFS = 1 << 14;
const SMALLEST_BLOCK = 4;
/** Shorter lists are walked: that costs less than keeping books. */
const HOT_AT = 128;

/** Where events of a stream stand among the lists of one kind of key. */
export interface Entry {
  readonly table: EntityTable;
  readonly type: number;
  /** Offsets of the key's columns from twice the row; −1 for keys of one word. */
  readonly first: number;
  readonly second: number;
  readonly lists: readonly number[];
}

/**
 * The state: rows of events in one slab, and per key and list a block of references to rows, ordered by (t, id). Numbers
 * only; no object per event or key besides the event's id.
 */
export class Slabs {
  readonly dictionary: Dictionary;
  readonly #rowBytes = new Growing(START_UNITS * 8);
  readonly #refBytes = new Growing(START_REFS * 4);
  f64: Float64Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  /** Next free row, in units of eight bytes. Row 0 is none. */
  top = 2;
  readonly events = new IdTable();
  refs: Int32Array<ArrayBuffer> = new Int32Array(this.#refBytes.buffer);
  #refsTop = SMALLEST_BLOCK;
  /** Latest block given back by the logarithm of its size, 0: none; each has the one before as its first reference. */
  readonly #free = new Int32Array(32);
  readonly tables: readonly EntityTable[];
  readonly types: readonly EntityType[];
  readonly #typeIndex: ReadonlyMap<EntityType, number>;
  readonly #entries: readonly (readonly Entry[])[];
  /** Slots of the event entered last, by kind of key; −1 where it has none. */
  readonly slots: Int32Array<ArrayBuffer>;
  /** Words of the keys of the event entered last, two for each kind; −1 where it has none. */
  readonly words: Int32Array<ArrayBuffer>;
  /** The event entered last is the latest of its key. By kind of key. */
  readonly latest: Uint8Array<ArrayBuffer>;

  /** Rows that stand in lists, by number of the stream. */
  readonly counts: Int32Array<ArrayBuffer>;

  /** Counts the events entered and asked about: what was worked out under one number is still so. */
  version = 0;
  /** Lists from this length on have cursors and blocks besides. */
  readonly hotAt: number;
  /** Events of one list at most. */
  cap = Infinity;
  /** Lists that may have grown past it: kind of key and place of the header, one after the other. */
  readonly over: number[] = [];
  /** Latest row given back by its size, 0: none; each has the one before in the place of its number. */
  readonly #freeRows: number[] = [];
  #freeCount = 0;

  constructor(shape: Shape, dictionary: Dictionary, hotAt = HOT_AT) {
    this.dictionary = dictionary;
    this.hotAt = hotAt;
    const { buffer } = this.#rowBytes;
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    const types = shape.entityTypes;
    this.types = types;
    this.tables = types.map((type) => new EntityTable(shape.lists(type).length));
    this.#typeIndex = new Map(types.map((type, index) => [type, index]));
    this.slots = new Int32Array(types.length);
    this.words = new Int32Array(types.length * 2);
    this.latest = new Uint8Array(types.length);
    this.counts = new Int32Array(shape.streams.length);
    this.#entries = shape.streams.map((stream) =>
      listsOfStream(shape, stream).map(({ entityType, fields, lists }) => {
        const at = (index: number): number => {
          const name = fields[index];
          return name === undefined ? -1 : (shape.layout(stream).columns.get(name)?.at ?? -1);
        };
        const type = this.typeIndex(entityType);
        return { table: this.tables[type] as EntityTable, type, first: at(0), second: at(1), lists };
      }),
    );
  }

  typeIndex(type: EntityType): number {
    return this.#typeIndex.get(type) ?? -1;
  }

  /** Room for a row; its place. The caller fills it and may give it back by setting `top`. */
  reserve(units: number): number {
    if (this.#freeCount > 0) {
      const free = this.#freeRows[units] ?? 0;
      if (free !== 0) {
        this.#freeRows[units] = this.i32[free * 2 + 2] as number;
        this.#freeCount -= 1;
        return free;
      }
    }
    const row = this.top;
    this.top += units;
    if (this.top > this.f64.length) {
      const buffer = this.#rowBytes.room(this.top * 8);
      this.f64 = new Float64Array(buffer);
      this.i32 = new Int32Array(buffer);
    }
    return row;
  }

  /** Gives a row back. Nothing may refer to it any more. */
  giveBack(row: number, units: number): void {
    if (row + units === this.top) {
      this.top = row;
      return;
    }
    this.i32[row * 2 + 2] = this.#freeRows[units] ?? 0;
    this.#freeRows[units] = row;
    this.#freeCount += 1;
  }

  /** The slot of one of a row's keys; −1 where it has none. */
  slotOf(table: EntityTable, row: number, first: number, second: number): number {
    const a = this.i32[row * 2 + first] as number;
    const b = second < 0 ? 0 : (this.i32[row * 2 + second] as number);
    return a < 0 || b < 0 ? -1 : table.find(a, b);
  }

  entriesOf(row: number): readonly Entry[] {
    return this.#entries[this.i32[row * 2 + 3] as number] as readonly Entry[];
  }

  idOf(row: number): string {
    return this.events.id(this.i32[row * 2 + 2] as number);
  }

  /** The total order of two events. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    return (
      (this.f64[a] as number) - (this.f64[b] as number) ||
      this.events.texts.compare(this.i32[a * 2 + 2] as number, this.i32[b * 2 + 2] as number)
    );
  }

  /** Enters a row into the lists of all its keys. Events enter in any order. */
  enter(row: number): void {
    this.version += 1;
    const { i32, slots, words, latest } = this;
    slots.fill(-1);
    words.fill(-1);
    const t = this.f64[row] as number;
    const stream = i32[row * 2 + 3] as number;
    (this.counts[stream] as number)++;
    const entries = this.#entries[stream] as readonly Entry[];
    for (let index = 0; index < entries.length; index++) {
      const { table, type, first, second, lists } = entries[index] as Entry;
      const a = i32[row * 2 + first] as number;
      const b = second < 0 ? 0 : (i32[row * 2 + second] as number);
      if (a < 0 || b < 0) continue;
      const slot = table.findOrAdd(a, b);
      slots[type] = slot;
      words[type * 2] = a;
      words[type * 2 + 1] = b;
      const before = table.newest(slot);
      const newestMs = table.newestMs(slot);
      const isLatest = before === 0 || newestMs < t || (newestMs === t && this.compare(before, row) < 0);
      latest[type] = isLatest ? 1 : 0;
      if (isLatest) table.setNewest(slot, row, t);
      for (let list = 0; list < lists.length; list++) {
        const head = slot * table.stride + (lists[list] as number);
        this.#insert(table, head, row, isLatest, table.isFolded(slot));
        if ((table.heads[head + 1] as number) > this.cap) this.over.push(type, head);
      }
    }
  }

  /** Sets the slots of a row's keys without entering it. */
  find(row: number): void {
    this.version += 1;
    const { i32, slots, words, latest } = this;
    slots.fill(-1);
    words.fill(-1);
    for (const { table, type, first, second } of this.#entries[i32[row * 2 + 3] as number] as readonly Entry[]) {
      const a = i32[row * 2 + first] as number;
      const b = second < 0 ? 0 : (i32[row * 2 + second] as number);
      if (a < 0 || b < 0) continue;
      const slot = table.find(a, b);
      slots[type] = slot;
      words[type * 2] = a;
      words[type * 2 + 1] = b;
      latest[type] = slot < 0 || this.compare(table.newest(slot), row) <= 0 ? 1 : 0;
    }
  }

  /** Takes the row that was entered last out again. `newest` are the rows that were the latest before, by kind of key. */
  leave(row: number, newest: Int32Array, sizes: Int32Array): void {
    const { i32 } = this;
    (this.counts[i32[row * 2 + 3] as number] as number)--;
    for (const { table, type, first, second, lists } of (this.#entries[i32[row * 2 + 3] as number] as readonly Entry[]).toReversed()) {
      const a = i32[row * 2 + first] as number;
      const b = second < 0 ? 0 : (i32[row * 2 + second] as number);
      if (a < 0 || b < 0) continue;
      const slot = table.find(a, b);
      for (const list of lists) this.#remove(table, slot * table.stride + list, row, table.isFolded(slot));
      const before = newest[type] as number;
      table.setNewest(slot, before, this.f64[before] as number);
      if (table.live > (sizes[type] as number)) this.dropKey(table, slot);
    }
  }

  /** The latest rows of the keys of a row, by kind of key, before it is entered, and the sizes of the tables. */
  remember(row: number, newest: Int32Array, sizes: Int32Array): void {
    const { i32 } = this;
    newest.fill(0);
    for (const [index, table] of this.tables.entries()) sizes[index] = table.live;
    for (const { table, type, first, second } of this.#entries[i32[row * 2 + 3] as number] as readonly Entry[]) {
      const slot = table.find(i32[row * 2 + first] as number, second < 0 ? 0 : (i32[row * 2 + second] as number));
      if (slot >= 0) newest[type] = table.newest(slot);
    }
  }

  #insert(table: EntityTable, head: number, row: number, isLatest: boolean, isFolded: boolean): void {
    const { heads } = table;
    let place = heads[head] as number;
    const length = heads[head + 1] as number;
    if (length === 0 && place === 0) heads[head] = place = this.#block(SMALLEST_BLOCK);
    // Blocks double, so only a length of one less than a power of two can fill one.
    else if ((length & (length + 1)) === 0 && length === (this.refs[place - 1] as number)) {
      const larger = this.#block((length + 1) * 2);
      this.refs.copyWithin(larger, place, place + length);
      this.#freeBlock(place);
      heads[head] = place = larger;
    }
    const refs = this.refs;
    let at = place + length;
    while (!isLatest && at > place && this.compare(refs[at - 1] as number, row) > 0) {
      refs[at] = refs[at - 1] as number;
      at -= 1;
    }
    refs[at] = row;
    heads[head + 1] = length + 1;
    if (length + 1 < this.hotAt && !isFolded) return;
    table.hot.get(head)?.inserted(at - place, length + 1, row);
    if (isFolded) table.sketches.get(head)?.entered(row, this);
  }

  #remove(table: EntityTable, head: number, row: number, isFolded: boolean): void {
    const { heads } = table;
    const place = heads[head] as number;
    const length = heads[head + 1] as number;
    const refs = this.refs;
    let at = length - 1;
    while (at >= 0 && refs[place + at] !== row) at -= 1;
    if (at < 0) return;
    refs.copyWithin(place + at, place + at + 1, place + length);
    heads[head + 1] = length - 1;
    if (length < this.hotAt && !isFolded) return;
    table.hot.get(head)?.removed(at, row, at === length - 1);
    if (isFolded) table.sketches.get(head)?.left();
  }

  /** What is kept besides a long list. @param words predicate words of its rows */
  hotOf(table: EntityTable, head: number, words: number): HotList {
    let list = table.hot.get(head);
    if (list === undefined) table.hot.set(head, (list = new HotList(this, words)));
    return list;
  }

  /** Takes rows out of a list; they stand there, in its order. Cost: the list up to the last of them, and moving the rest. */
  cut(table: EntityTable, head: number, rows: readonly number[]): void {
    const { heads } = table;
    const { refs } = this;
    const place = heads[head] as number;
    const length = heads[head + 1] as number;
    let [index, found, kept] = [0, 0, 0];
    for (; found < rows.length && index < length; index++) {
      const row = refs[place + index] as number;
      if (row === rows[found]) found += 1;
      else refs[place + kept++] = row;
    }
    refs.copyWithin(place + kept, place + index, place + length);
    heads[head + 1] = length - found;
    const hot = table.hot.get(head);
    if (hot === undefined) return;
    const slot = Math.floor(head / table.stride);
    if (kept > 0 || (length - found < this.hotAt && !table.isFolded(slot))) table.hot.delete(head);
    else hot.shifted(rows);
  }

  /** Drops a key with its lists. */
  dropKey(table: EntityTable, slot: number): void {
    for (let head = slot * table.stride + KEY_WORDS; head < (slot + 1) * table.stride; head += 2) {
      const place = table.heads[head] as number;
      if (place !== 0) this.#freeBlock(place);
      table.hot.delete(head);
    }
    table.remove(slot);
  }

  /** A block for `room` − 1 references: a power of two in size, its capacity before its first reference. */
  #block(room: number): number {
    const log = 32 - Math.clz32(room - 1);
    const free = this.#free[log] as number;
    if (free !== 0) {
      this.#free[log] = this.refs[free] as number;
      return free;
    }
    const size = 1 << log;
    const place = this.#refsTop + 1;
    this.#refsTop += size;
    if (this.#refsTop > this.refs.length) this.refs = new Int32Array(this.#refBytes.room(this.#refsTop * 4));
    this.refs[place - 1] = size - 1;
    return place;
  }

  #freeBlock(place: number): void {
    const log = 31 - Math.clz32((this.refs[place - 1] as number) + 1);
    this.refs[place] = this.#free[log] as number;
    this.#free[log] = place;
  }

  /** Index behind the last event of a list that is not behind the as-of point. `current` 0: a timer, behind all of its millisecond. */
  end(place: number, length: number, tMs: number, current: number): number {
    if (length === 0) return 0;
    const { refs, f64 } = this;
    const last = refs[place + length - 1] as number;
    if (last === current || (f64[last] as number) < tMs) return length;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = refs[place + middle] as number;
      const t = f64[row] as number;
      if (t < tMs || (t === tMs && (current === 0 || this.compare(row, current) <= 0))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first event of a list with t > `ms`. */
  firstAfter(place: number, length: number, ms: number): number {
    const { refs, f64 } = this;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((f64[refs[place + middle] as number] as number) > ms) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  get bytes(): number {
    let bytes = this.top * 8 + this.#refsTop * 4 + this.events.bytes;
    for (const table of this.tables) {
      bytes += table.bytes;
      for (const sketch of table.sketches.values()) bytes += sketch.bytes;
    }
    return bytes;
  }
}
