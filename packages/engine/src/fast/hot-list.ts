import { CONSECUTIVE_STEP } from './digits.ts';
import { HEAD_UNITS } from './layout.ts';
import type { Slabs } from './slabs.ts';

/** Events of the smallest block, and blocks of the next size in one: powers of two as shifts. */
const SHIFTS = [4, 9, 14] as const;
/** Sums of whole numbers stay exact up to here; past it the window is added up anew. */
const EXACT_MAX = 2 ** 52;

/** What a cursor adds up over its window. */
export interface Measured {
  /** Place of the predicate word in a row, and bit; −1: every event counts. */
  readonly word: number;
  readonly mask: number;
  /** Known values of a field: numbers (1) or codes (2); rows (0). */
  readonly kind: 0 | 1 | 2;
  readonly at: number;
  /** Numbers of events only, their sum, or how often each value is met. */
  readonly keeps: 'count' | 'sum' | 'tally';
}

/** The part of a list that a window takes, by index: the events in [lo, hi). Moves both ways, an event at a time. */
export class Cursor {
  lo = 0;
  hi = 0;
  n = 0;
  sum = 0;
  /** Values whose sum would not be exact. */
  odd = 0;
  /** Most frequent value's count. */
  most = 0;
  readonly counts = new Map<number, number>();
  /** How many values are met so often. */
  readonly frequencies = new Map<number, number>();
  readonly of: Measured;

  constructor(of: Measured) {
    this.of = of;
  }

  clear(at: number): void {
    this.lo = this.hi = at;
    this.n = this.sum = this.odd = this.most = 0;
    this.counts.clear();
    this.frequencies.clear();
  }

  /** Adds (1) or takes away (−1) an event. */
  change({ f64, i32 }: Slabs, row: number, by: 1 | -1): void {
    const { word, mask, kind, at, keeps } = this.of;
    if (word >= 0 && ((i32[row * 2 + word] as number) & mask) === 0) return;
    if (kind === 0) {
      this.n += by;
      return;
    }
    const value = kind === 1 ? (f64[row + at] as number) : (i32[row * 2 + at] as number);
    if (kind === 1 ? value !== value : value < 0) return;
    this.n += by;
    if (keeps === 'tally') this.#tally(value, by);
    else if (keeps === 'sum') {
      if (Number.isInteger(value) && Math.abs(value) < EXACT_MAX) this.sum += by * value;
      else this.odd += by;
    }
  }

  #tally(value: number, by: 1 | -1): void {
    const { counts, frequencies } = this;
    const before = counts.get(value) ?? 0;
    const after = before + by;
    if (after === 0) counts.delete(value);
    else counts.set(value, after);
    if (before > 0) {
      const left = (frequencies.get(before) as number) - 1;
      if (left === 0) frequencies.delete(before);
      else frequencies.set(before, left);
      if (left === 0 && before === this.most) this.most = after;
    }
    if (after > 0) frequencies.set(after, (frequencies.get(after) ?? 0) + 1);
    if (after > this.most) this.most = after;
  }

  /** Whether `sum` is what adding up one by one gives. */
  get isExact(): boolean {
    return this.odd === 0 && Math.abs(this.sum) < EXACT_MAX;
  }

  entropy(): number {
    let sum = 0;
    for (const [count, values] of this.frequencies) sum += values * (count / this.n) * Math.log2(count / this.n);
    return -sum;
  }
}

/** Of a field's known values, those of events that a predicate takes. */
export interface Extreme {
  readonly word: number;
  readonly mask: number;
  readonly isNumber: boolean;
  readonly at: number;
  /** 1: greatest, −1: least. */
  readonly sign: 1 | -1;
}

/**
 * Pairs of events of one list of which the second refers to the first: the latest second one that was found. An event that
 * comes in only ever adds pairs, so what was looked at is not looked at again.
 */
export class Pairs {
  /** Events below this index were looked at as second ones, those before `fromMs` excepted. */
  checked = 0;
  fromMs = Number.POSITIVE_INFINITY;
  /** Row of the latest that ends a pair; 0 without one. */
  best = 0;
  /** Rows that came in among those looked at. */
  readonly late: number[] = [];
}

/** Numbers dialled in a window, oldest first, and how many of them follow the one before. Moves forward only. */
export class Dialled {
  /** Index behind the last event looked at, and the latest start of the window. */
  hi = 0;
  lowMs = Number.NEGATIVE_INFINITY;
  near = 0;
  first = 0;
  readonly rows: number[] = [];
  /** Rows that came in among those looked at. */
  readonly late: number[] = [];
  /** NaN: no digits. */
  readonly digits: number[] = [];

  isNext(index: number): boolean {
    const step = (this.digits[index] as number) - (this.digits[index - 1] as number);
    return step >= 1 && step <= CONSECUTIVE_STEP;
  }

  push(row: number, digits: number): void {
    this.rows.push(row);
    this.digits.push(digits);
    if (this.rows.length - this.first > 1 && this.isNext(this.rows.length - 1)) this.near += 1;
  }

  pop(): void {
    if (this.rows.length - this.first > 1 && this.isNext(this.rows.length - 1)) this.near -= 1;
    this.rows.pop();
    this.digits.pop();
  }

  /** Takes in an event that came late, whose place is found by `isBefore`. */
  insert(row: number, digits: number, isBefore: (a: number, b: number) => boolean): void {
    const { rows } = this;
    let [low, high] = [this.first, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(rows[middle] as number, row)) low = middle + 1;
      else high = middle;
    }
    if (low > this.first && low < rows.length && this.isNext(low)) this.near -= 1;
    rows.splice(low, 0, row);
    this.digits.splice(low, 0, digits);
    if (low > this.first && this.isNext(low)) this.near += 1;
    if (low + 1 < rows.length && this.isNext(low + 1)) this.near += 1;
  }

  /** Leaves the oldest out. */
  shift(): void {
    this.first += 1;
    if (this.first < this.rows.length && this.isNext(this.first)) this.near -= 1;
    if (this.first < 1024 || this.first * 2 < this.rows.length) return;
    this.rows.splice(0, this.first);
    this.digits.splice(0, this.first);
    this.first = 0;
  }
}

/** Whole blocks of a list, each level out of the one below: filled when asked for, cut back where an event comes in late. */
class Blocks<T extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  readonly levels: T[];
  readonly filled = [0, 0, 0];
  readonly #width: number;

  constructor(make: () => T, width: number) {
    this.#width = width;
    this.levels = [make(), make(), make()];
  }

  room(level: number, larger: (length: number) => T): T {
    const array = this.levels[level] as T;
    if (((this.filled[level] as number) + 1) * this.#width <= array.length) return array;
    const grown = larger(array.length * 2);
    grown.set(array);
    return (this.levels[level] = grown);
  }

  cut(index: number): void {
    for (let level = 0; level < 3; level++) this.filled[level] = Math.min(this.filled[level] as number, index >> (SHIFTS[level] as number));
  }
}

/**
 * What is kept besides a list that has grown long: cursors of windows, so that an event costs what enters and leaves them,
 * and blocks by which events of one kind are found, and extremes, without looking at all. Memory: some 30 bytes an event.
 */
export class HotList {
  readonly cursors: (Cursor | undefined)[] = [];
  readonly pairs: (Pairs | undefined)[] = [];
  readonly dialled: (Dialled | undefined)[] = [];
  readonly #words: number;
  readonly #or: Blocks<Int32Array<ArrayBuffer>>;
  readonly #extremes: (Blocks<Float64Array<ArrayBuffer>> | undefined)[] = [];
  readonly #slabs: Slabs;

  /** @param words predicate words of a row */
  constructor(slabs: Slabs, words: number) {
    this.#slabs = slabs;
    this.#words = words;
    this.#or = new Blocks(() => new Int32Array(32 * Math.max(1, words)), Math.max(1, words));
  }

  inserted(index: number, length: number, row: number): void {
    if (index === length - 1) return;
    this.#moved(index);
    for (const cursor of this.cursors) {
      if (cursor === undefined || index >= cursor.hi) continue;
      if (index > cursor.lo) cursor.change(this.#slabs, row, 1);
      else cursor.lo += 1;
      cursor.hi += 1;
    }
    for (const dialled of this.dialled) {
      if (dialled === undefined || index >= dialled.hi) continue;
      dialled.hi += 1;
      dialled.late.push(row);
    }
    for (const pairs of this.pairs) {
      if (pairs === undefined || index >= pairs.checked) continue;
      pairs.checked += 1;
      pairs.late.push(row);
    }
  }

  /** @param isLast no event of the list is behind it */
  removed(index: number, row: number, isLast: boolean): void {
    this.#moved(index);
    for (const cursor of this.cursors) {
      if (cursor === undefined || index >= cursor.hi) continue;
      if (index >= cursor.lo) cursor.change(this.#slabs, row, -1);
      else cursor.lo -= 1;
      cursor.hi -= 1;
    }
    for (const [id, dialled] of this.dialled.entries()) {
      if (dialled === undefined || index >= dialled.hi) continue;
      if (isLast && dialled.rows.length > dialled.first && dialled.late.length === 0) {
        dialled.hi -= 1;
        if (dialled.rows.at(-1) === row) dialled.pop();
      } else this.dialled[id] = undefined;
    }
    for (const [id, pairs] of this.pairs.entries()) {
      if (pairs === undefined || index >= pairs.checked) continue;
      // Without an event behind it, nothing else depended on it.
      if (isLast && pairs.best !== row && pairs.late.length === 0) pairs.checked -= 1;
      else this.pairs[id] = undefined;
    }
  }

  /** The oldest events of the list were taken out. */
  shifted(rows: readonly number[]): void {
    const count = rows.length;
    this.#moved(0);
    for (const cursor of this.cursors) {
      if (cursor === undefined) continue;
      for (let index = cursor.lo; index < Math.min(count, cursor.hi); index++) cursor.change(this.#slabs, rows[index] as number, -1);
      cursor.lo = Math.max(0, cursor.lo - count);
      cursor.hi = Math.max(0, cursor.hi - count);
    }
    // Both begin anew: they look at the events held, once for each time that events are taken out.
    this.dialled.length = 0;
    this.pairs.length = 0;
  }

  #moved(index: number): void {
    this.#or.cut(index);
    for (const blocks of this.#extremes) blocks?.cut(index);
  }

  /** Moves a cursor to the events with t > low and index below `end`, or with t ≤ untilMs where that is given. */
  at(id: number, of: Measured, place: number, end: number, lowMs: number, untilMs: number): Cursor {
    const slabs = this.#slabs;
    const { refs, f64 } = slabs;
    let cursor = this.cursors[id];
    if (cursor === undefined) {
      this.cursors[id] = cursor = new Cursor(of);
      cursor.clear(end);
    }
    let target = end;
    if (untilMs === untilMs) {
      target = Math.min(cursor.hi, end);
      while (target < end && (f64[refs[place + target] as number] as number) <= untilMs) target += 1;
      while (target > 0 && (f64[refs[place + target - 1] as number] as number) > untilMs) target -= 1;
    }
    if (target <= cursor.lo) cursor.clear(target);
    while (cursor.hi < target) cursor.change(slabs, refs[place + cursor.hi++] as number, 1);
    while (cursor.hi > target) cursor.change(slabs, refs[place + --cursor.hi] as number, -1);
    while (cursor.lo < cursor.hi) {
      const row = refs[place + cursor.lo] as number;
      if ((f64[row] as number) > lowMs) break;
      cursor.change(slabs, row, -1);
      cursor.lo += 1;
    }
    while (cursor.lo > 0) {
      const row = refs[place + cursor.lo - 1] as number;
      if (!((f64[row] as number) > lowMs)) break;
      cursor.change(slabs, row, 1);
      cursor.lo -= 1;
    }
    return cursor;
  }

  /** Index of the last event up to `index` with a predicate bit; −1 without one. Cost: some 80 steps at most, and one for each 16,384 events. */
  before(place: number, length: number, index: number, word: number, mask: number): number {
    const { refs, i32 } = this.#slabs;
    this.#fillOr(place, length, refs, i32);
    const [low, middle, high] = this.#or.levels as [Int32Array, Int32Array, Int32Array];
    const [lows, middles, highs] = this.#or.filled as [number, number, number];
    const words = this.#words;
    const of = word - HEAD_UNITS * 2;
    let at = index;
    while (at >= 0) {
      if ((at & 15) === 15) {
        if ((at & 16_383) === 16_383 && at >> 14 < highs && ((high[(at >> 14) * words + of] as number) & mask) === 0) {
          at -= 16_384;
          continue;
        }
        if ((at & 511) === 511 && at >> 9 < middles && ((middle[(at >> 9) * words + of] as number) & mask) === 0) {
          at -= 512;
          continue;
        }
        if (at >> 4 < lows && ((low[(at >> 4) * words + of] as number) & mask) === 0) {
          at -= 16;
          continue;
        }
      }
      if (((i32[(refs[place + at] as number) * 2 + word] as number) & mask) !== 0) return at;
      at -= 1;
    }
    return -1;
  }

  #fillOr(place: number, length: number, refs: Int32Array, i32: Int32Array): void {
    const or = this.#or;
    const words = this.#words;
    while ((or.filled[0] as number) < length >> 4) {
      const to = or.room(0, (size) => new Int32Array(size));
      const block = or.filled[0] as number;
      to.fill(0, block * words, (block + 1) * words);
      for (let index = block << 4; index < (block + 1) << 4; index++)
        for (let word = 0; word < words; word++)
          (to[block * words + word] as number) |= i32[(refs[place + index] as number) * 2 + HEAD_UNITS * 2 + word] as number;
      or.filled[0] = block + 1;
    }
    for (let level = 1; level < 3; level++) {
      const from = or.levels[level - 1] as Int32Array;
      while ((or.filled[level] as number) < (or.filled[level - 1] as number) >> 5) {
        const to = or.room(level, (size) => new Int32Array(size));
        const block = or.filled[level] as number;
        to.fill(0, block * words, (block + 1) * words);
        for (let index = block << 5; index < (block + 1) << 5; index++)
          for (let word = 0; word < words; word++) (to[block * words + word] as number) |= from[index * words + word] as number;
        or.filled[level] = block + 1;
      }
    }
  }

  /** The greatest or least value of the events in [lo, hi); NaN without one. */
  extreme(id: number, of: Extreme, place: number, length: number, lo: number, hi: number): number {
    const blocks = (this.#extremes[id] ??= new Blocks(() => new Float64Array(32), 1));
    const { sign } = of;
    this.#fillExtremes(blocks, of, place, length);
    const { levels, filled } = blocks;
    let best = Number.NaN;
    let at = hi - 1;
    while (at >= lo) {
      let value: number;
      let step = 1;
      for (let level = 2; level >= 0; level--) {
        const shift = SHIFTS[level] as number;
        const size = 1 << shift;
        if ((at & (size - 1)) === size - 1 && at - size + 1 >= lo && at >> shift < (filled[level] as number)) {
          step = size;
          value = (levels[level] as Float64Array)[at >> shift] as number;
          if (!(best * sign >= value * sign) && value === value) best = value;
          break;
        }
      }
      if (step === 1) {
        value = this.#value(of, place, at);
        if (!(best * sign >= value * sign) && value === value) best = value;
      }
      at -= step;
    }
    return best;
  }

  #value({ word, mask, isNumber, at }: Extreme, place: number, index: number): number {
    const { refs, f64, i32 } = this.#slabs;
    const row = refs[place + index] as number;
    if (word >= 0 && ((i32[row * 2 + word] as number) & mask) === 0) return Number.NaN;
    if (isNumber) return f64[row + at] as number;
    const value = i32[row * 2 + at] as number;
    return value < 0 ? Number.NaN : value;
  }

  #fillExtremes(blocks: Blocks<Float64Array<ArrayBuffer>>, of: Extreme, place: number, length: number): void {
    const { sign } = of;
    for (let level = 0; level < 3; level++) {
      const wide = level === 0 ? 4 : 5;
      const complete = level === 0 ? length : (blocks.filled[level - 1] as number);
      while ((blocks.filled[level] as number) < complete >> wide) {
        const to = blocks.room(level, (size) => new Float64Array(size));
        const block = blocks.filled[level] as number;
        let best = Number.NaN;
        for (let index = block << wide; index < (block + 1) << wide; index++) {
          const value = level === 0 ? this.#value(of, place, index) : ((blocks.levels[level - 1] as Float64Array)[index] as number);
          if (!(best * sign >= value * sign) && value === value) best = value;
        }
        to[block] = best;
        blocks.filled[level] = block + 1;
      }
    }
  }
}
