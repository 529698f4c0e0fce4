import { digitsOf } from './digits.ts';
import type { EntityTable } from './entity-table.ts';
import { Dialled, Pairs, type Cursor, type Extreme, type HotList, type Measured } from './hot-list.ts';
import type { Where } from './kept.ts';
import type { Sketch } from './sketch.ts';
import type { Slabs } from './slabs.ts';
import type { WalkFunction } from './walk-code.ts';

/** A list of a kind of key, and the part of it that a window takes, apart from its start. */
export interface HotPart {
  readonly type: number;
  readonly list: number;
  /** Predicate words of the rows. */
  readonly words: number;
  readonly untilMs: number;
  readonly prior: boolean;
}

/** One measure over one window of a list. `window` tells windows of different length apart. */
export interface HotMeasure extends HotPart, Measured {
  readonly window: string;
}

/** An aggregate of a walk. */
interface HotAggregate {
  readonly function: WalkFunction;
  readonly word: number;
  readonly mask: number;
  readonly kind: 0 | 1 | 2;
  readonly at: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly prior: boolean;
  readonly slot: number;
}

interface Ready extends HotAggregate {
  readonly id: number;
  readonly of: Measured;
  readonly extremeId: number;
  readonly extreme: Extreme;
  /** What is kept of it when events are folded. */
  readonly folded: Where;
}

export interface HotWalk {
  readonly type: number;
  readonly list: number;
  readonly words: number;
  readonly aggregates: readonly Ready[];
}

export interface HotStep {
  readonly head: number;
  readonly words: number;
  readonly word: number;
  readonly mask: number;
  readonly gapMs: number;
  readonly test: ((row: number, current: number, previous: number) => boolean) | null;
  /** What the filter asks of the event by itself. */
  readonly own: ((row: number) => boolean) | null;
}

/** Aggregates and sequences over lists too long to walk. Same values as walking; cost: what entered and left the windows since. */
export class Hot {
  readonly #slabs: Slabs;
  readonly #ids = new Map<string, Map<string, number>>();
  /** Whether the window of the cursor asked for last reaches behind the events held. */
  #folded:
    | {
        readonly sketch: Sketch;
        readonly of: HotMeasure & { readonly id: number };
        readonly tMs: number;
        readonly lowMs: number;
        readonly head: number;
        readonly table: EntityTable;
      }
    | undefined;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** Equal measures of one list have one number, whatever program they are in. */
  #id(type: number, list: number, what: string): number {
    const name = `${type} ${list}`;
    const ids = this.#ids.get(name) ?? new Map<string, number>();
    this.#ids.set(name, ids);
    let id = ids.get(what);
    if (id === undefined) ids.set(what, (id = ids.size));
    return id;
  }

  #cursorId(type: number, list: number, of: Measured, window: string): number {
    return this.#id(type, list, `${of.word} ${of.mask} ${of.kind} ${of.at} ${of.keeps} ${window}`);
  }

  walkOf({ type, list, words, aggregates }: { type: number; list: number; words: number; aggregates: readonly HotAggregate[] }): HotWalk {
    return {
      type,
      list,
      words,
      aggregates: aggregates.map((aggregate): Ready => {
        const { word, mask, kind, at, function: name, fromMs, untilMs, prior } = aggregate;
        const sums = name === 'sum' || name === 'avg';
        const of: Measured = { word, mask, kind: sums ? kind : 0, at: sums ? at : 0, keeps: sums ? 'sum' : 'count' };
        const extreme: Extreme = { word, mask, isNumber: kind === 1, at, sign: name === 'min' ? -1 : 1 };
        return {
          ...aggregate,
          of,
          id: this.#cursorId(type, list, of, `${fromMs} ${untilMs} ${prior}`),
          extreme,
          folded: name === 'min' || name === 'max' ? { word, mask, kind, at } : of,
          extremeId: this.#id(type, list, `extreme ${word} ${mask} ${kind} ${at} ${extreme.sign}`),
        };
      }),
    };
  }

  /** Leaves the values of all aggregates of a walk in `results`. */
  walk(walk: HotWalk, results: Float64Array, slot: number, tMs: number, current: number): void {
    const slabs = this.#slabs;
    const { refs, f64, i32 } = slabs;
    const table = slabs.tables[walk.type] as EntityTable;
    const head = slot * table.stride + walk.list;
    const place = table.heads[head] as number;
    const length = table.heads[head + 1] as number;
    const end = slabs.end(place, length, tMs, current);
    const before = end > 0 && current !== 0 && slabs.compare(refs[place + end - 1] as number, current) === 0 ? end - 1 : end;
    const list = slabs.hotOf(table, head, walk.words);
    const { aggregates } = walk;
    const sketch = table.sketches.get(head);
    for (let index = 0; index < aggregates.length; index++) {
      const one = aggregates[index] as Ready;
      const lowMs = tMs - one.fromMs;
      const cursor = list.at(one.id, one.of, place, one.prior ? before : end, lowMs, one.untilMs > 0 ? tMs - one.untilMs : Number.NaN);
      let value = Number.NaN;
      switch (one.function) {
        case 'count':
          value = cursor.n;
          break;
        case 'exists':
          value = cursor.n > 0 ? 1 : 0;
          break;
        case 'sum':
          value = this.#sum(cursor, place);
          break;
        case 'avg':
          value = cursor.n === 0 ? Number.NaN : this.#sum(cursor, place) / cursor.n;
          break;
        case 'min':
        case 'max':
          if (cursor.n > 0) value = list.extreme(one.extremeId, one.extreme, place, length, cursor.lo, cursor.hi);
          break;
        case 'since':
        case 'last': {
          if (cursor.n === 0) break;
          for (let at = cursor.hi - 1; at >= cursor.lo && value !== value; at--) {
            if (one.word >= 0) at = list.before(place, length, at, one.word, one.mask);
            if (at < cursor.lo) break;
            const row = refs[place + at] as number;
            value = one.function === 'since' ? tMs - (f64[row] as number) : this.#cell(one, row);
          }
          break;
        }
        case 'first':
          if (cursor.n === 0) break;
          for (let at = cursor.lo; at < cursor.hi && value !== value; at++) {
            const row = refs[place + at] as number;
            if (one.word < 0 || ((i32[row * 2 + one.word] as number) & one.mask) !== 0) value = this.#cell(one, row);
          }
      }
      if (sketch !== undefined && lowMs < sketch.untilMs)
        value = withFolded(one, value, cursor.n, sketch.within(one.folded, lowMs, one.untilMs > 0 ? tMs - one.untilMs : Infinity));
      results[one.slot] = value;
    }
  }

  #cell({ kind, at }: { readonly kind: 0 | 1 | 2; readonly at: number }, row: number): number {
    const { f64, i32 } = this.#slabs;
    if (kind === 1) return f64[row + at] as number;
    const value = i32[row * 2 + at] as number;
    return value < 0 ? Number.NaN : value;
  }

  #sum(cursor: Cursor, place: number): number {
    if (cursor.isExact) return cursor.sum;
    const { refs, i32 } = this.#slabs;
    const { of } = cursor;
    let sum = 0;
    for (let at = cursor.hi - 1; at >= cursor.lo; at--) {
      const row = refs[place + at] as number;
      if (of.word >= 0 && ((i32[row * 2 + of.word] as number) & of.mask) === 0) continue;
      const value = this.#cell(of, row);
      if (value === value) sum += value;
    }
    return sum;
  }

  measureOf(measure: HotMeasure): HotMeasure & { readonly id: number } {
    const { type, list, window, untilMs, prior } = measure;
    return { ...measure, id: this.#cursorId(type, list, measure, `${window} ${untilMs} ${prior}`) };
  }

  /** The cursor of a window that begins behind `lowMs`. The list is a long one. */
  cursor(of: HotMeasure & { readonly id: number }, slot: number, tMs: number, current: number, lowMs: number): Cursor {
    const slabs = this.#slabs;
    const table = slabs.tables[of.type] as EntityTable;
    const head = slot * table.stride + of.list;
    const place = table.heads[head] as number;
    let end = slabs.end(place, table.heads[head + 1] as number, tMs, current);
    if (of.prior && end > 0 && current !== 0 && slabs.compare(slabs.refs[place + end - 1] as number, current) === 0) end -= 1;
    const sketch = table.sketches.get(head);
    this.#folded = sketch === undefined || !(lowMs < sketch.untilMs) ? undefined : { sketch, of, tMs, lowMs, head, table };
    return slabs.hotOf(table, head, of.words).at(of.id, of, place, end, lowMs, of.untilMs > 0 ? tMs - of.untilMs : Number.NaN);
  }

  /** Share of consecutively dialled numbers among neighbours; −1 when a number is too long for this. */
  seqdial(of: HotMeasure & { readonly id: number }, slot: number, tMs: number, current: number, lowMs: number): number {
    const slabs = this.#slabs;
    const { refs, f64, i32, dictionary } = slabs;
    const table = slabs.tables[of.type] as EntityTable;
    const head = slot * table.stride + of.list;
    const [place, length] = [table.heads[head] as number, table.heads[head + 1] as number];
    const end = slabs.end(place, length, tMs, current);
    const list = slabs.hotOf(table, head, of.words);
    let dialled = list.dialled[of.id];
    if (dialled === undefined || end < dialled.hi || lowMs < dialled.lowMs) {
      list.dialled[of.id] = dialled = new Dialled();
      dialled.hi = Math.min(end, slabs.firstAfter(place, length, lowMs));
    }
    dialled.lowMs = lowMs;
    const late = dialled.late.length;
    for (let index = -late; dialled.hi < end || index < 0; index++) {
      const row = index < 0 ? (dialled.late[index + late] as number) : (refs[place + dialled.hi++] as number);
      if (of.word >= 0 && ((i32[row * 2 + of.word] as number) & of.mask) === 0) continue;
      const code = i32[row * 2 + of.at] as number;
      if (code < 0 || !((f64[row] as number) > lowMs)) continue;
      const digits = digitsOf(dictionary.text(code));
      if (typeof digits === 'bigint') {
        list.dialled[of.id] = undefined;
        return -1;
      }
      if (index < 0) dialled.insert(row, digits ?? Number.NaN, (a, b) => slabs.compare(a, b) < 0);
      else dialled.push(row, digits ?? Number.NaN);
    }
    dialled.late.length = 0;
    while (dialled.first < dialled.rows.length && !((f64[dialled.rows[dialled.first] as number] as number) > lowMs)) dialled.shift();
    const n = dialled.rows.length - dialled.first;
    return n < 2 ? Number.NaN : dialled.near / (n - 1);
  }

  /** Of the cursor asked for last, as the following: events that are folded included. */
  count = (cursor: Cursor): number => {
    const folded = this.#folded;
    if (folded === undefined) return cursor.n;
    const { sketch, of, tMs, lowMs } = folded;
    return cursor.n + sketch.within(of, lowMs, of.untilMs > 0 ? tMs - of.untilMs : Infinity)[0];
  };

  distinct = (cursor: Cursor): number => {
    const folded = this.#folded;
    if (folded === undefined || folded.of.untilMs > 0) return cursor.counts.size;
    const { sketch, of, lowMs, head, table } = folded;
    const place = table.heads[head] as number;
    const held = this.#slabs.refs.subarray(place, place + (table.heads[head + 1] as number));
    const estimate = sketch.distinct(of.id, of, lowMs, held, this.#slabs);
    return estimate > cursor.counts.size ? estimate : cursor.counts.size;
  };

  topcount = (cursor: Cursor): number => cursor.most;
  topshare = (cursor: Cursor): number => (cursor.n === 0 ? Number.NaN : cursor.most / cursor.n);
  entropy = (cursor: Cursor): number => (cursor.n === 0 ? Number.NaN : cursor.entropy());

  /**
   * Whether a chain exists whose last element has index ≤ `last` in its list and t > lowMs. Only the latest event reached
   * of the step before can be near enough, so events between two such pairs are never looked at: the steps taken are at
   * most the window divided by the gaps.
   */
  sequence(steps: readonly HotStep[], type: number, slot: number, last: number, lowMs: number): number {
    const table = this.#slabs.tables[type] as EntityTable;
    return this.#reached(steps, steps.length - 1, table, slot, last, lowMs) >= 0 ? 1 : 0;
  }

  /** Index of the latest event with t > afterMs, up to an index, that ends a chain of the steps up to `step`; −1 without one. */
  #reached(steps: readonly HotStep[], step: number, table: EntityTable, slot: number, from: number, afterMs: number): number {
    const slabs = this.#slabs;
    const { refs, f64 } = slabs;
    const here = steps[step] as HotStep;
    const head = slot * table.stride + here.head;
    const place = table.heads[head] as number;
    const length = table.heads[head + 1] as number;
    let at = this.#passing(here, table, head, from);
    if (at < 0 || !((f64[refs[place + at] as number] as number) > afterMs)) return -1;
    if (step === 0) return at;
    const earlier = steps[step - 1] as HotStep;
    const earlierHead = slot * table.stride + earlier.head;
    const earlierPlace = table.heads[earlierHead] as number;
    const earlierLength = table.heads[earlierHead + 1] as number;
    for (;;) {
      const row = refs[place + at] as number;
      const t = f64[row] as number;
      let behind = slabs.end(earlierPlace, earlierLength, t, row) - 1;
      if (behind >= 0 && slabs.compare(refs[earlierPlace + behind] as number, row) === 0) behind -= 1;
      const found = this.#reached(steps, step - 1, table, slot, behind, afterMs - here.gapMs);
      if (found < 0) return -1;
      const foundRow = refs[earlierPlace + found] as number;
      const foundMs = f64[foundRow] as number;
      if (t - foundMs <= here.gapMs) return at;
      // Of the events between the two only those near enough to the earlier one are left.
      const near = slabs.firstAfter(place, length, foundMs + here.gapMs) - 1;
      at = this.#passing(here, table, head, Math.min(near, at - 1));
      if (at < 0 || !((f64[refs[place + at] as number] as number) > afterMs)) return -1;
    }
  }

  /** Number of the pairs of two steps. */
  pairsId(type: number, list: number, what: string): number {
    return this.#id(type, list, `pairs ${what}`);
  }

  /**
   * Whether a pair exists whose second event has index ≤ `last` and t > lowMs; −1 when that is to be found another way. Cost:
   * for each event that came since, the events within the gap.
   */
  pair(id: number, steps: readonly HotStep[], type: number, slot: number, last: number, lowMs: number): number {
    const slabs = this.#slabs;
    const { refs, f64 } = slabs;
    const table = slabs.tables[type] as EntityTable;
    const [first, second] = steps as readonly [HotStep, HotStep];
    const head = slot * table.stride + second.head;
    const place = table.heads[head] as number;
    const length = table.heads[head + 1] as number;
    const list = slabs.hotOf(table, head, second.words);
    let pairs = list.pairs[id];
    if (pairs === undefined || lowMs < pairs.fromMs) {
      list.pairs[id] = pairs = new Pairs();
      pairs.fromMs = lowMs;
      pairs.checked = slabs.firstAfter(place, length, lowMs);
    }
    const consider = (index: number): void => {
      const row = refs[place + index] as number;
      if ((pairs.best !== 0 && slabs.compare(row, pairs.best) < 0) || second.own?.(row) === false) return;
      if (this.#hasFirst(first, second, list, place, length, index)) pairs.best = row;
    };
    for (const row of pairs.late) {
      const index = slabs.end(place, length, f64[row] as number, row) - 1;
      consider(index);
      // As a first one it can only help those behind it.
      if (((slabs.i32[row * 2 + first.word] as number) & first.mask) === 0) continue;
      const untilMs = (f64[row] as number) + second.gapMs;
      for (let at = index + 1; at < pairs.checked && (f64[refs[place + at] as number] as number) <= untilMs; at++) consider(at);
    }
    pairs.late.length = 0;
    for (; pairs.checked <= last; pairs.checked++) consider(pairs.checked);
    if (pairs.best === 0 || !((f64[pairs.best] as number) > lowMs)) return 0;
    return slabs.compare(pairs.best, refs[place + last] as number) <= 0 ? 1 : -1;
  }

  #hasFirst(first: HotStep, second: HotStep, list: HotList, place: number, length: number, index: number): boolean {
    const { refs, f64 } = this.#slabs;
    const row = refs[place + index] as number;
    const fromMs = (f64[row] as number) - second.gapMs;
    for (let at = list.before(place, length, index - 1, first.word, first.mask); at >= 0;) {
      const candidate = refs[place + at] as number;
      if ((f64[candidate] as number) < fromMs) return false;
      if (second.test?.(row, 0, candidate) === true) return true;
      at = list.before(place, length, at - 1, first.word, first.mask);
    }
    return false;
  }

  #passing({ words, word, mask }: HotStep, table: EntityTable, head: number, from: number): number {
    if (word < 0) return from;
    const slabs = this.#slabs;
    const place = table.heads[head] as number;
    const length = table.heads[head + 1] as number;
    if (length >= slabs.hotAt) return slabs.hotOf(table, head, words).before(place, length, from, word, mask);
    const { refs, i32 } = slabs;
    let at = from;
    while (at >= 0 && ((i32[(refs[place + at] as number) * 2 + word] as number) & mask) === 0) at -= 1;
    return at;
  }
}

/** The value of an aggregate with the events that are folded. First, last and since are those of the events held. */
function withFolded(
  { function: name }: HotAggregate,
  held: number,
  heldCount: number,
  [n, sum, least, greatest]: ReturnType<Sketch['within']>,
): number {
  switch (name) {
    case 'count':
    case 'sum':
      return held + (name === 'count' ? n : sum);
    case 'exists':
      return held === 1 || n > 0 ? 1 : 0;
    case 'avg':
      return heldCount + n === 0 ? Number.NaN : ((heldCount === 0 ? 0 : held * heldCount) + sum) / (heldCount + n);
    case 'min':
      return least === Infinity || held <= least ? held : least;
    case 'max':
      return greatest === -Infinity || held >= greatest ? held : greatest;
    default:
      return held;
  }
}
