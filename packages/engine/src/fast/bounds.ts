import type { StreamEvent } from '@skyeye/contracts';
import { compareIds, needsOf, type EntityType } from '@skyeye/language';
import type { Plan } from '../plan.ts';
import type { EngineStats } from '../port.ts';
import { streamsBehind } from './layout.ts';
import type { FastPlan } from './fast-plan.ts';
import { keptLists, type KeptList } from './kept.ts';
import { KEY_WORDS, type EntityTable } from './entity-table.ts';
import { Sketch, type SketchRecord } from './sketch.ts';
import type { Slabs } from './slabs.ts';

const DAY_MS = 86_400_000;
/** Kinds of key whose own an event is. Past their cap an event is folded wherever it stands; past another's only there. */
const EGO: ReadonlySet<EntityType> = new Set<EntityType>(['phone', 'acct', 'person', 'pair_acct', 'pair_phone']);
/** Some 20 MB of one key. No ordinary person, phone or account comes near it in half a year. */
export const KEY_EVENTS_MAX = 100_000;
/** Of a cap, the share that is folded at once. */
const BATCH_SHARE = 1 / 16;
const DROPPED_MAX = 131_072;
/** Numbers made anew at an event, so that they are done long before as many events have come as there are. */
const PACKED_AT_ONCE = 256;
/** So few events are not worth looking at. */
const SWEPT_FROM = 4_096;
/** Events looked at per event while idle ones are looked for. */
const LOOKS = 64;

export interface BoundsOptions {
  readonly plan: FastPlan;
  readonly slabs: () => Slabs;
  /** Events of one list at most. */
  readonly cap: number;
  readonly reachMs: number;
  /** Numbers of dropped events that are borne before all get new ones. */
  readonly droppedMax?: number;
  /** The events get other numbers, or have got them. */
  readonly renumbered: () => unknown;
}

/** Keeps the state bounded: folds the oldest events of a key past its cap, drops events behind every window and keys without any. */
export class Bounds {
  readonly #plan: FastPlan;
  readonly #slabs: () => Slabs;
  readonly #cap: number;
  readonly #renumbered: () => unknown;
  readonly #kept: (type: EntityType, head: number) => KeptList;
  /** By stream how long its events can matter, ms. */
  readonly #reachMs: readonly number[];
  readonly #sweepEveryMs: number;
  readonly #droppedMax: number;
  #hand = 0;
  #sweptMs = 0;
  #isSweeping = false;
  #hasSketches = false;

  constructor({ plan, slabs, cap, reachMs, renumbered, droppedMax = DROPPED_MAX }: BoundsOptions) {
    this.#droppedMax = droppedMax;
    this.#plan = plan;
    this.#slabs = slabs;
    this.#cap = cap;
    this.#renumbered = renumbered;
    this.#kept = keptLists(plan.shape, plan.plan.features);
    const windows = windowsOf(plan.plan);
    this.#reachMs = plan.shape.streams.map((stream) => Math.max(reachMs, windows.get(stream) ?? 0));
    this.#sweepEveryMs = Math.max(DAY_MS, reachMs / 8);
  }

  /** Before an event is folded: those before it are evaluated and nothing refers to their rows. */
  settle(newestMs: number): void {
    const slabs = this.#slabs();
    if (slabs.cap !== this.#cap) return;
    const { over } = slabs;
    for (let index = 0; index < over.length; index += 2) this.#fold(slabs, over[index] as number, over[index + 1] as number);
    over.length = 0;
    if (!slabs.events.isPacking) this.#sweep(slabs, newestMs);
    const { events } = slabs;
    if (!events.isPacking) {
      if (events.dropped <= this.#droppedMax || events.dropped <= events.live) return;
      this.#renumbered();
    }
    const isDone = events.pack(PACKED_AT_ONCE, (row, number) => {
      slabs.i32[row * 2 + 2] = number;
    });
    if (!isDone) return;
    this.#hand = 0;
    this.#renumbered();
  }

  /** While a checkpoint is read nothing is folded: what was is in its last parts. */
  pause(): void {
    this.#slabs().cap = Infinity;
  }

  /** Lists that were read in are looked at once. */
  resume(): void {
    const slabs = this.#slabs();
    if (slabs.cap === this.#cap) return;
    slabs.cap = this.#cap;
    for (const [type, table] of slabs.tables.entries())
      for (let slot = 0; slot < table.size; slot++) {
        if (table.word(slot, 0) === -1) continue;
        for (let head = slot * table.stride + KEY_WORDS; head < (slot + 1) * table.stride; head += 2)
          if ((table.heads[head + 1] as number) > this.#cap) slabs.over.push(type, head);
      }
  }

  /** Whether an event is behind the folded ones of its own key: whether it is among them can no longer be told. */
  isFolded(event: StreamEvent): boolean {
    if (!this.#hasSketches) return false;
    const slabs = this.#slabs();
    const { shape, dictionary } = this.#plan;
    return shape.entityTypes.some((entityType, type) => {
      const table = slabs.tables[type] as EntityTable;
      if (table.sketches.size === 0 || (entityType !== 'phone' && entityType !== 'acct' && entityType !== 'person')) return false;
      const key = event[entityType];
      const slot = typeof key === 'string' ? table.find(dictionary.find(key), 0) : -1;
      if (slot < 0 || !table.isFolded(slot)) return false;
      return shape
        .lists(entityType)
        .some(
          ({ name, head }) =>
            streamsBehind(name).includes(event.stream) && isBehind(event.t, event.id, table.sketches.get(slot * table.stride + head)),
        );
    });
  }

  /** Whether events of any key are folded. */
  get hasSketches(): boolean {
    return this.#hasSketches;
  }

  /** How many people, phones and accounts have folded events; nothing where none has. */
  get stats(): Pick<EngineStats, 'approximate'> {
    if (!this.#hasSketches) return {};
    const slabs = this.#slabs();
    let keys = 0;
    for (const entityType of ['person', 'phone', 'acct'] as const) {
      const table = slabs.tables[slabs.typeIndex(entityType)];
      if (table !== undefined) keys += new Set(Array.from(table.sketches.keys(), (head) => Math.floor(head / table.stride))).size;
    }
    return keys === 0 ? {} : { approximate: keys };
  }

  #fold(slabs: Slabs, type: number, head: number): void {
    const table = slabs.tables[type] as EntityTable;
    const length = table.heads[head + 1] as number;
    if (length <= this.#cap) return;
    const place = table.heads[head] as number;
    const count = length - this.#cap + Math.floor(this.#cap * BATCH_SHARE);
    const rows = [...slabs.refs.subarray(place, place + count)];
    const last = rows.at(-1) as number;
    const floor = { t: slabs.f64[last] as number, id: slabs.idOf(last) };
    if (EGO.has(slabs.types[type] as EntityType)) this.#retire(slabs, rows, true);
    else {
      this.#foldInto(slabs, type, head, rows);
      slabs.cut(table, head, rows);
      this.#refresh(slabs, table, Math.floor(head / table.stride));
      this.#retire(
        slabs,
        rows.filter((row) => !slabs.entriesOf(row).some((entry) => isOwn(slabs, entry, row))),
        true,
      );
    }
    const sketch = table.sketches.get(head);
    if (sketch !== undefined) sketch.floor = floor;
    slabs.version += 1;
  }

  #foldInto(slabs: Slabs, type: number, head: number, rows: readonly number[]): void {
    const table = slabs.tables[type] as EntityTable;
    let sketch = table.sketches.get(head);
    if (sketch === undefined) {
      sketch = new Sketch(this.#kept(slabs.types[type] as EntityType, head % table.stride));
      table.sketches.set(head, sketch);
      table.setFolded(Math.floor(head / table.stride));
      this.#hasSketches = true;
    }
    sketch.fold(rows, (table.heads[head + 1] as number) - rows.length, slabs);
  }

  /** Takes rows, in total order, out of every list and gives them back. */
  #retire(slabs: Slabs, rows: readonly number[], fold: boolean): void {
    const lists = new Map<EntityTable, { readonly type: number; readonly heads: Map<number, number[]> }>();
    for (const row of rows)
      for (const { table, type, first, second, lists: heads } of slabs.entriesOf(row)) {
        const slot = slabs.slotOf(table, row, first, second);
        if (slot < 0) continue;
        const own = lists.get(table) ?? { type, heads: new Map<number, number[]>() };
        lists.set(table, own);
        for (const list of heads) {
          const head = slot * table.stride + list;
          const standing = own.heads.get(head);
          if (standing === undefined) own.heads.set(head, [row]);
          else standing.push(row);
        }
      }
    for (const [table, { type, heads }] of lists) {
      for (const [head, standing] of heads) {
        if (fold) this.#foldInto(slabs, type, head, standing);
        slabs.cut(table, head, standing);
      }
    }
    for (const [table, { heads }] of lists)
      for (const slot of new Set(Array.from(heads.keys(), (head) => Math.floor(head / table.stride)))) this.#refresh(slabs, table, slot);
    for (const row of rows) {
      slabs.events.drop(slabs.i32[row * 2 + 2] as number);
      (slabs.counts[slabs.i32[row * 2 + 3] as number] as number)--;
      slabs.giveBack(row, this.#plan.layouts[slabs.i32[row * 2 + 3] as number]?.units ?? 0);
    }
    slabs.version += 1;
  }

  /** Sets a key's latest event anew, or drops the key when nothing is left of it. */
  #refresh(slabs: Slabs, table: EntityTable, slot: number): void {
    const [from, to] = [slot * table.stride + KEY_WORDS, (slot + 1) * table.stride];
    let newest = 0;
    let hasSketch = false;
    for (let head = from; head < to; head += 2) {
      const length = table.heads[head + 1] as number;
      const last = length === 0 ? 0 : (slabs.refs[(table.heads[head] as number) + length - 1] as number);
      if (last !== 0 && (newest === 0 || slabs.compare(last, newest) > 0)) newest = last;
      hasSketch ||= table.sketches.has(head);
    }
    if (newest === 0 && !hasSketch) slabs.dropKey(table, slot);
    else table.setNewest(slot, newest, newest === 0 ? table.newestMs(slot) : (slabs.f64[newest] as number));
  }

  /** Looks for events that no window reaches any more, all of them once in a while, a few at a time. */
  #sweep(slabs: Slabs, newestMs: number): void {
    if (!this.#isSweeping) {
      if (slabs.events.live < SWEPT_FROM) return;
      if (newestMs - this.#sweptMs < this.#sweepEveryMs) return;
      this.#sweptMs = newestMs;
      this.#isSweeping = true;
      this.#hand = 0;
      this.#forgetSketches(slabs, newestMs);
    }
    const { rows, size } = slabs.events;
    const end = Math.min(size, this.#hand + LOOKS);
    const idle: number[] = [];
    for (; this.#hand < end; this.#hand++) {
      const row = rows[this.#hand] as number;
      if (row === 0) continue;
      if ((slabs.f64[row] as number) <= newestMs - (this.#reachMs[slabs.i32[row * 2 + 3] as number] as number)) idle.push(row);
    }
    if (this.#hand >= size) this.#isSweeping = false;
    if (idle.length === 0) return;
    this.#retire(
      slabs,
      idle.sort((a, b) => slabs.compare(a, b)),
      false,
    );
  }

  #forgetSketches(slabs: Slabs, newestMs: number): void {
    for (const [type, table] of slabs.tables.entries()) {
      const specs = this.#plan.shape.lists(slabs.types[type] as EntityType);
      for (const [head, sketch] of table.sketches) {
        const spec = specs.find((each) => each.head === head % table.stride);
        const reachMs = Math.max(...streamsBehind(spec?.name ?? '').map((stream) => this.#reachMs[this.#plan.streamIndex(stream)] ?? 0));
        sketch.forgetUntil(newestMs - reachMs);
        if (sketch.untilMs !== -Infinity) continue;
        table.sketches.delete(head);
        this.#refresh(slabs, table, Math.floor(head / table.stride));
      }
    }
  }

  *records(): Iterable<SketchRecord> {
    const slabs = this.#slabs();
    const { shape, dictionary } = this.#plan;
    for (const [type, table] of slabs.tables.entries()) {
      const entityType = slabs.types[type] as EntityType;
      for (const [head, sketch] of table.sketches) {
        const slot = Math.floor(head / table.stride);
        const [a, b] = [dictionary.text(table.word(slot, 0)), table.word(slot, 1)];
        const list = shape.lists(entityType).find((spec) => spec.head === head % table.stride)?.name ?? '';
        yield sketch.record({ entityType, key: isPair(entityType) ? `${a}\u0000${dictionary.text(b)}` : a, list });
      }
    }
  }

  /** Takes in what a checkpoint says is folded. Events of it that came in other parts are taken out. A newer one stays. */
  restore(record: SketchRecord): void {
    const slabs = this.#slabs();
    const { shape, dictionary } = this.#plan;
    const type = shape.entityTypes.findIndex((entityType) => entityType === record.entityType);
    const table = slabs.tables[type];
    const entityType = slabs.types[type];
    const spec = entityType === undefined ? undefined : shape.lists(entityType).find(({ name }) => name === record.list);
    if (table === undefined || entityType === undefined || spec === undefined) return;
    const [a = '', b] = record.key.split('\u0000');
    const slot = table.findOrAdd(dictionary.code(a), b === undefined ? 0 : dictionary.code(b));
    const head = slot * table.stride + spec.head;
    const known = table.sketches.get(head);
    const { floor } = record;
    if (known !== undefined && compareMoments(known.floor, floor) > 0) return;
    const sketch = known ?? new Sketch(this.#kept(entityType, spec.head));
    table.sketches.set(head, sketch);
    table.setFolded(slot);
    this.#hasSketches = true;
    sketch.restore(record);
    const place = table.heads[head] as number;
    const length = table.heads[head + 1] as number;
    let count = 0;
    for (; count < length; count++) {
      const row = slabs.refs[place + count] as number;
      if (!isBehind(slabs.f64[row] as number, slabs.idOf(row), sketch)) break;
    }
    // The books of a short list were not kept until now.
    for (let own = slot * table.stride + KEY_WORDS; own < (slot + 1) * table.stride; own += 2) table.hot.delete(own);
    const rows = [...slabs.refs.subarray(place, place + count)];
    if (EGO.has(entityType)) this.#retire(slabs, rows, false);
    else slabs.cut(table, head, rows);
  }
}

const isPair = (type: EntityType): boolean => type === 'pair_acct' || type === 'pair_phone';

const isOwn = (slabs: Slabs, { type, lists, first }: ReturnType<Slabs['entriesOf']>[number], row: number): boolean =>
  lists.length > 0 && EGO.has(slabs.types[type] as EntityType) && (slabs.i32[row * 2 + first] as number) >= 0;

const compareMoments = (a: Sketch['floor'], b: Sketch['floor']): number => a.t - b.t || compareIds(a.id, b.id);

const isBehind = (t: number, id: string, sketch: Sketch | undefined): boolean =>
  sketch !== undefined && compareMoments({ t, id }, sketch.floor) <= 0;

/** The longest window over each stream, ms. */
function windowsOf({ features }: Plan): ReadonlyMap<string, number> {
  const windows = new Map<string, number>();
  for (const { formula } of features) {
    const { streams, lookbackMs } = needsOf(formula);
    for (const name of streams)
      for (const stream of streamsBehind(name)) windows.set(stream, Math.max(windows.get(stream) ?? 0, lookbackMs));
  }
  return windows;
}
