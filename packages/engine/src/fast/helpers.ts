import { dayNumber, workingDaysStartMs, type HolidayTable } from '@skyeye/language';
import type { EntityTable } from './entity-table.ts';
import type { Chain, Gathering, ListPart, Step } from './gathering.ts';
import { Graph } from './graph.ts';
import { digitsOf, isDialledNext } from './digits.ts';
import { Hot } from './hot.ts';
import type { Shape } from './layout.ts';
import { Lots } from './lots.ts';
import { areWhole, selected, sort } from './order.ts';
import type { Slabs } from './slabs.ts';

/** Up to this many values a scan of those found is quicker than marking. */
const SCANNED = 24;

/** Attributes and coverage of keys, as numbers: what a program cannot read in the slabs. */
export interface Outside {
  /** NaN when not known; words as codes. */
  dimension(type: number, a: number, b: number, name: string, tMs: number): number;
  /** Bits of the gated streams that are observed for the key. */
  coverage(type: number, a: number, b: number): number;
}

/**
 * What programs call: functions over gathered rows (`Int32Array`) or numbers (`Float64Array`), newest first. The buffers
 * are shared; a function's arguments are good until the next gathering.
 */
export class Helpers {
  readonly graph: Graph;
  readonly lots: Lots;
  readonly hot: Hot;
  readonly dimension: Outside['dimension'];
  readonly coverage: Outside['coverage'];
  readonly #slabs: Slabs;
  readonly #holidays: HolidayTable;
  #rows = new Int32Array(256);
  #others = new Int32Array(256);
  #numbers = new Float64Array(256);
  /** Per dictionary code how often it was met in the counting that `#mark` names. */
  #counts = new Int32Array(1024);
  #marks = new Int32Array(1024);
  #mark = 0;
  readonly #workingDays = new Map<number, number>();

  constructor(slabs: Slabs, shape: Shape, holidays: HolidayTable, outside: Outside) {
    this.#slabs = slabs;
    this.#holidays = holidays;
    this.dimension = (type, a, b, name, tMs) => outside.dimension(type, a, b, name, tMs);
    this.coverage = (type, a, b) => outside.coverage(type, a, b);
    this.hot = new Hot(slabs);
    this.graph = new Graph(slabs, shape, outside, this.hot);
    this.lots = new Lots(slabs, shape);
  }

  rows(length: number): Int32Array {
    if (this.#rows.length < length) this.#rows = new Int32Array(length * 2);
    return this.#rows;
  }

  others(length: number): Int32Array {
    if (this.#others.length < length) this.#others = new Int32Array(length * 2);
    return this.#others;
  }

  numbers(length: number): Float64Array {
    if (this.#numbers.length < length) this.#numbers = new Float64Array(length * 2);
    return this.#numbers;
  }

  workingDaysStart(tMs: number, days: number): number {
    const key = dayNumber(tMs) * 1024 + days;
    const known = this.#workingDays.get(key);
    if (known !== undefined) return known;
    const start = workingDaysStartMs(tMs, days, this.#holidays);
    if (this.#workingDays.size > 4096) this.#workingDays.clear();
    this.#workingDays.set(key, start);
    return start;
  }

  days(rows: Int32Array, n: number): number {
    const { f64 } = this.#slabs;
    let [count, before] = [0, Number.NaN];
    for (let index = 0; index < n; index++) {
      const day = dayNumber(f64[rows[index] as number] as number);
      if (day !== before) count += 1;
      before = day;
    }
    return count;
  }

  gapcv(rows: Int32Array, n: number): number {
    if (n < 3) return Number.NaN;
    const { f64 } = this.#slabs;
    const gaps = this.numbers(n);
    for (let index = 0; index < n - 1; index++)
      gaps[index] = (f64[rows[index] as number] as number) - (f64[rows[index + 1] as number] as number);
    const mean = this.sum(gaps, n - 1) / (n - 1);
    const spread = this.std(gaps, n - 1);
    return mean === 0 ? Number.NaN : spread / mean;
  }

  burst(rows: Int32Array, n: number, lengthMs: number): number {
    const { f64 } = this.#slabs;
    let [best, start] = [0, n - 1];
    for (let index = n - 1; index >= 0; index--) {
      const t = f64[rows[index] as number] as number;
      while (start > index && t - (f64[rows[start] as number] as number) >= lengthMs) start -= 1;
      best = Math.max(best, start - index + 1);
    }
    return best;
  }

  /** Counts codes; afterwards `#counts` holds how often each was met. Answers how many there are. */
  #tally(codes: Int32Array, n: number): number {
    const size = this.#slabs.dictionary.size;
    if (this.#marks.length < size) {
      this.#marks = new Int32Array(size * 2);
      this.#counts = new Int32Array(size * 2);
      this.#mark = 0;
    }
    const mark = ++this.#mark;
    const [marks, counts] = [this.#marks, this.#counts];
    let different = 0;
    for (let index = 0; index < n; index++) {
      const code = codes[index] as number;
      if (marks[code] === mark) counts[code] = (counts[code] as number) + 1;
      else {
        marks[code] = mark;
        counts[code] = 1;
        different += 1;
      }
    }
    return different;
  }

  distinctCodes(codes: Int32Array, n: number): number {
    if (n <= 1) return n;
    if (n > SCANNED) return this.#tally(codes, n);
    let different = 1;
    for (let index = 1; index < n; index++) {
      const code = codes[index];
      let before = 0;
      while (before < different && codes[before] !== code) before += 1;
      if (before === different) codes[different++] = code as number;
    }
    return different;
  }

  topcountCodes(codes: Int32Array, n: number): number {
    if (n <= 1) return n;
    this.#tally(codes, n);
    let best = 0;
    for (let index = 0; index < n; index++) best = Math.max(best, this.#counts[codes[index] as number] as number);
    return best;
  }

  topshareCodes(codes: Int32Array, n: number): number {
    return n === 0 ? Number.NaN : this.topcountCodes(codes, n) / n;
  }

  /** Added up from the first of the values to the last, as they were first met. */
  entropyCodes(codes: Int32Array, n: number): number {
    if (n === 0) return Number.NaN;
    this.#tally(codes, n);
    let sum = 0;
    for (let index = n - 1; index >= 0; index--) {
      const code = codes[index] as number;
      const count = this.#counts[code] as number;
      if (count > 0) sum += (count / n) * Math.log2(count / n);
      this.#counts[code] = 0;
    }
    return -sum;
  }

  seqdialCodes(codes: Int32Array, n: number): number {
    if (n < 2) return Number.NaN;
    const { dictionary } = this.#slabs;
    let near = 0;
    let before = digitsOf(dictionary.text(codes[n - 1] as number));
    for (let index = n - 2; index >= 0; index--) {
      const next = digitsOf(dictionary.text(codes[index] as number));
      if (isDialledNext(before, next)) near += 1;
      before = next;
    }
    return near / (n - 1);
  }

  seqdialNumbers(values: Float64Array, n: number): number {
    if (n < 2) return Number.NaN;
    let near = 0;
    for (let index = n - 2; index >= 0; index--)
      if (isDialledNext(digitsOf(String(values[index + 1])), digitsOf(String(values[index])))) near += 1;
    return near / (n - 1);
  }

  #tallyNumbers(values: Float64Array, n: number): number[] {
    const counts = new Map<number, number>();
    for (let index = n - 1; index >= 0; index--) counts.set(values[index] as number, (counts.get(values[index] as number) ?? 0) + 1);
    return [...counts.values()];
  }

  distinctNumbers(values: Float64Array, n: number): number {
    return this.#tallyNumbers(values, n).length;
  }

  topcountNumbers(values: Float64Array, n: number): number {
    return this.#tallyNumbers(values, n).reduce((best, count) => Math.max(best, count), 0);
  }

  topshareNumbers(values: Float64Array, n: number): number {
    return n === 0 ? Number.NaN : this.topcountNumbers(values, n) / n;
  }

  entropyNumbers(values: Float64Array, n: number): number {
    if (n === 0) return Number.NaN;
    let sum = 0;
    for (const count of this.#tallyNumbers(values, n)) sum += (count / n) * Math.log2(count / n);
    return -sum;
  }

  /** From the oldest to the newest, so that the rounding is that of the definition. */
  sum(values: Float64Array, n: number): number {
    let sum = 0;
    for (let index = n - 1; index >= 0; index--) sum += values[index] as number;
    return sum;
  }

  avg(values: Float64Array, n: number): number {
    return n === 0 ? Number.NaN : this.sum(values, n) / n;
  }

  min(values: Float64Array, n: number): number {
    let least = Number.NaN;
    for (let index = 0; index < n; index++) if (!(least <= (values[index] as number))) least = values[index] as number;
    return least;
  }

  max(values: Float64Array, n: number): number {
    let greatest = Number.NaN;
    for (let index = 0; index < n; index++) if (!(greatest >= (values[index] as number))) greatest = values[index] as number;
    return greatest;
  }

  std(values: Float64Array, n: number): number {
    if (n < 2) return Number.NaN;
    const mean = this.sum(values, n) / n;
    let squares = 0;
    for (let index = n - 1; index >= 0; index--) squares += ((values[index] as number) - mean) ** 2;
    return Math.sqrt(squares / n);
  }

  incrun(values: Float64Array, n: number): number {
    let [best, run] = [0, 0];
    for (let index = n - 1; index >= 0; index--) {
      run = index < n - 1 && (values[index] as number) > (values[index + 1] as number) ? run + 1 : 1;
      best = Math.max(best, run);
    }
    return best;
  }

  q(values: Float64Array, n: number, p: number): number {
    if (n === 0) return Number.NaN;
    return selected(values, n, Math.max(0, Math.ceil(p * n) - 1));
  }

  /** In sorted order the values near one are its neighbours. */
  nearcount(values: Float64Array, n: number, tolerance: number): number {
    sort(values, n);
    let best = 0;
    // With whole numbers the first that is near never moves back, so nothing is looked at twice.
    if (n > SCANNED && tolerance >= 0 && tolerance <= 0.5 && (values[0] as number) >= 0 && areWhole(values, n)) {
      let [from, to] = [0, 0];
      for (let index = 0; index < n; index++) {
        const x = values[index] as number;
        while (Math.abs((values[from] as number) - x) > tolerance * x) from += 1;
        to = Math.max(to, index + 1);
        while (to < n && Math.abs((values[to] as number) - x) <= tolerance * x) to += 1;
        best = Math.max(best, to - from);
      }
      return best;
    }
    for (let index = 0; index < n; index++) {
      const x = values[index] as number;
      if (tolerance * x < 0) continue;
      let [from, to] = [index, index + 1];
      while (from > 0 && Math.abs((values[from - 1] as number) - x) <= tolerance * x) from -= 1;
      while (to < n && Math.abs((values[to] as number) - x) <= tolerance * x) to += 1;
      best = Math.max(best, to - from);
    }
    return best;
  }

  /** An event of both kinds counts as one of the first directly followed by one of the second. −1 for either: not known. */
  alternations(a: number, b: number): number {
    if (a < 0 || b < 0) return Number.NaN;
    const [rows, others] = [this.#rows, this.#others];
    let [i, j, count, previousIsFirst] = [a - 1, b - 1, 0, false];
    while (i >= 0 || j >= 0) {
      const takeFirst = j < 0 || (i >= 0 && this.#slabs.compare(rows[i] as number, others[j] as number) <= 0);
      if (takeFirst) i -= 1;
      else {
        j -= 1;
        if (previousIsFirst) count += 1;
      }
      previousIsFirst = takeFirst;
    }
    return count;
  }

  /** Row of the earliest of the first kind with no later one of the second that has the same field; 0 without one, −1 not known. */
  earliestOpen(a: number, b: number, at: number, isNumber: number, otherAt: number, otherIsNumber: number): number {
    if (a < 0 || b < 0) return -1;
    const { f64, i32 } = this.#slabs;
    const [rows, others] = [this.#rows, this.#others];
    if (a * b > 256) {
      const latest = new Map<number, number>();
      for (let j = b - 1; j >= 0; j--) {
        const stop = others[j] as number;
        latest.set(otherIsNumber === 1 ? (f64[stop + otherAt] as number) : (i32[stop * 2 + otherAt] as number), stop);
      }
      for (let i = a - 1; i >= 0; i--) {
        const start = rows[i] as number;
        const stop = latest.get(isNumber === 1 ? (f64[start + at] as number) : (i32[start * 2 + at] as number));
        if (stop === undefined || this.#slabs.compare(stop, start) <= 0) return start;
      }
      return 0;
    }
    for (let i = a - 1; i >= 0; i--) {
      const start = rows[i] as number;
      const value = isNumber === 1 ? (f64[start + at] as number) : (i32[start * 2 + at] as number);
      let closed = false;
      for (let j = 0; j < b; j++) {
        const stop = others[j] as number;
        if (this.#slabs.compare(stop, start) <= 0) break;
        const other = otherIsNumber === 1 ? (f64[stop + otherAt] as number) : (i32[stop * 2 + otherAt] as number);
        if (other === value || (other !== other && value !== value)) {
          closed = true;
          break;
        }
      }
      if (!closed) return start;
    }
    return 0;
  }

  /** Index of the last event of a list that a window takes, −1 without one. */
  #last({ untilMs, prior }: ListPart, place: number, length: number, tMs: number, current: number): number {
    const slabs = this.#slabs;
    let last = slabs.end(place, length, tMs, current) - 1;
    if (last < 0) return -1;
    const row = slabs.refs[place + last] as number;
    if (prior && current !== 0 && slabs.compare(row, current) === 0) last -= 1;
    if (untilMs > 0 && (slabs.f64[row] as number) > tMs - untilMs) last = slabs.firstAfter(place, last + 1, tMs - untilMs) - 1;
    return last;
  }

  /** Gathers what passes in (low, …], newest first; how many. One loop for all programs: their own would not stay in the cache. */
  gather(what: Gathering, slot: number, tMs: number, current: number, low: number): number {
    const slabs = this.#slabs;
    const table = slabs.tables[what.type] as EntityTable;
    const head = slot * table.stride + what.list;
    const length = slot < 0 ? 0 : (table.heads[head + 1] as number);
    if (length === 0) return 0;
    const place = table.heads[head] as number;
    const { refs, f64, i32 } = slabs;
    const { word, mask, at } = what;
    let n = 0;
    let index = this.#last(what, place, length, tMs, current);
    if (what.kind === 1) {
      const numbers = this.numbers(length);
      for (; index >= 0; index--) {
        const row = refs[place + index] as number;
        if (!((f64[row] as number) > low)) break;
        const value = f64[row + at] as number;
        if (value === value && (word < 0 || ((i32[row * 2 + word] as number) & mask) !== 0)) numbers[n++] = value;
      }
      return n;
    }
    const rows = what.other ? this.others(length) : this.rows(length);
    for (; index >= 0; index--) {
      const row = refs[place + index] as number;
      if (!((f64[row] as number) > low)) break;
      if (word >= 0 && ((i32[row * 2 + word] as number) & mask) === 0) continue;
      const cell = what.kind === 0 ? row : (i32[row * 2 + at] as number);
      if (cell >= 0) rows[n++] = cell;
    }
    return n;
  }

  /**
   * Whether a chain exists, found from its last element back: of the events that may follow, the earliest behind an event
   * is the nearest, so one look per event is enough. The last element is in (low, …].
   */
  sequence(chain: Chain, slot: number, tMs: number, current: number, low: number): number {
    if (slot < 0) return 0;
    const slabs = this.#slabs;
    const { steps } = chain;
    const table = slabs.tables[chain.type] as EntityTable;
    const base = slot * table.stride;
    let isLong = false;
    for (let index = steps.length - 1; index >= 0; index--) {
      const length = table.heads[base + (steps[index] as Step).head + 1] as number;
      if (length === 0) return 0;
      isLong ||= length >= slabs.hotAt;
    }
    const { f64, refs } = slabs;
    const place = table.heads[base + chain.list] as number;
    const last = this.#last(chain, place, table.heads[base + chain.list + 1] as number, tMs, current);
    if (isLong && chain.plain) return this.hot.sequence(steps, chain.type, slot, last, low);
    if (isLong && chain.pairs >= 0 && last >= 0) {
      const found = this.hot.pair(chain.pairs, steps, chain.type, slot, last, low);
      if (found >= 0) return found;
    }
    let next = steps[steps.length - 1] as Step;
    let behind = this.rows(last + 1);
    let n = 0;
    for (let i = last; i >= 0; i--) {
      const row = refs[place + i] as number;
      if (!((f64[row] as number) > low)) break;
      if (next.joins || this.#passes(next, row, current)) behind[n++] = row;
    }
    for (let index = steps.length - 2; index >= 0 && n > 0; index--) {
      const step = steps[index] as Step;
      const head = base + step.head;
      const [from, length] = [table.heads[head] as number, table.heads[head + 1] as number];
      const found = behind === this.#rows ? this.others(length) : this.rows(length);
      const latest = behind[0] as number;
      let j = slabs.end(from, length, f64[latest] as number, latest) - 1;
      if (j >= 0 && slabs.compare(refs[from + j] as number, latest) === 0) j -= 1;
      const earliestMs = (f64[behind[n - 1] as number] as number) - next.gapMs;
      let [nearest, m] = [0, 0];
      for (; j >= 0; j--) {
        const row = refs[from + j] as number;
        const t = f64[row] as number;
        if (t < earliestMs) break;
        if (!step.joins && !this.#passes(step, row, current)) continue;
        while (nearest + 1 < n && slabs.compare(behind[nearest + 1] as number, row) > 0) nearest += 1;
        if ((f64[behind[nearest] as number] as number) - t > next.gapMs) continue;
        if (next.joins && !this.#joins(next, behind, nearest, row, current)) continue;
        if (index === 0) return 1;
        found[m++] = row;
      }
      behind = found;
      n = m;
      next = step;
    }
    return n > 0 ? 1 : 0;
  }

  #passes(step: Step, row: number, current: number): boolean {
    if (step.word >= 0) return ((this.#slabs.i32[row * 2 + step.word] as number) & step.mask) !== 0;
    return step.test === null || step.test(row, current, 0);
  }

  #joins(next: Step, behind: Int32Array, nearest: number, row: number, current: number): boolean {
    const { f64 } = this.#slabs;
    for (let index = nearest; index >= 0; index--) {
      const candidate = behind[index] as number;
      if ((f64[candidate] as number) - (f64[row] as number) > next.gapMs) return false;
      if (next.test?.(candidate, current, row) === true) return true;
    }
    return false;
  }
}
