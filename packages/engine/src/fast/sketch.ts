import { hashOfNumber, hashOfText, HyperLogLog } from './hyper-log-log.ts';
import type { Kept, KeptList, Where } from './kept.ts';
import type { Slabs } from './slabs.ts';

/** A bucket has at most this share of the events of its list that are newer than it: so much a window can be wrong at its start. */
export const BUCKET_SHARE = 1 / 32;
/** Numbers per measure in a bucket: how many, sum, least, greatest. */
const [N, SUM, LEAST, GREATEST, WIDTH] = [0, 1, 2, 3, 4];

interface Bucket {
  /** Time of the oldest and of the newest event, ms. */
  fromMs: number;
  toMs: number;
  events: number;
  readonly stats: Float64Array;
  readonly values: (HyperLogLog | undefined)[];
}

/** As a checkpoint has it: numbers and texts, measures by name. */
export interface SketchRecord {
  readonly entityType: string;
  /** The key; the sides of a pair with U+0000 between them. */
  readonly key: string;
  /** Stream or alias. */
  readonly list: string;
  /** Events up to this one, in total order, are folded all of them; an empty id: some older events were, as another key's. */
  readonly floor: { readonly t: number; readonly id: string };
  readonly measures: readonly string[];
  readonly buckets: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly events: number;
    readonly stats: Float64Array;
    readonly values: readonly (Uint8Array | null)[];
  }[];
}

/** The different values of one measure over one window. */
interface Distinct {
  readonly kept: Kept;
  first: number;
  readonly union: HyperLogLog;
}

/**
 * What is left of a list's oldest events: for stretches of time and every measure that formulas ask for, how many, their
 * sum, the extremes, and a sketch of the different values. Against the exact value a window that begins in it differs
 * - in a count or sum by at most what the bucket at its start holds of that predicate: a bucket has at most 1/32 of the
 *   events of the list that are newer than it. Unfiltered counts are thus within 3.2 %; within a bucket events are taken to
 *   be spread evenly;
 * - in an extreme by one that lies in that bucket before the window;
 * - in a number of different values by a standard error of 3.25 % and the values of that bucket.
 * Memory: 32 bytes a measure and bucket, and 1 KiB where values are counted; some 32 · 2 · ln(all / held) buckets.
 */
export class Sketch {
  readonly kept: KeptList;
  #buckets: Bucket[] = [];
  floor: { readonly t: number; readonly id: string } = { t: -Infinity, id: '' };
  /** For each measure the buckets from an index on, taken together. */
  #behind: (Float64Array | undefined)[] = [];
  readonly #distinct = new Map<number, Distinct>();

  constructor(kept: KeptList) {
    this.kept = kept;
  }

  /** Time of the newest folded event: windows that begin before it are approximate. */
  get untilMs(): number {
    return this.#buckets.at(-1)?.toMs ?? -Infinity;
  }

  /** Takes events in, oldest first. @param newer events of the list that stay */
  fold(rows: readonly number[], newer: number, slabs: Slabs): void {
    const size = Math.max(1, Math.floor((newer * BUCKET_SHARE) / 2));
    let open: Bucket | undefined;
    for (const row of rows) {
      const t = slabs.f64[row] as number;
      const last = this.#buckets.at(-1);
      let bucket = open;
      if (last !== undefined && t < last.toMs) bucket = this.#bucketAt(t);
      else if (bucket === undefined || bucket.events >= size) {
        bucket = { fromMs: t, toMs: t, events: 0, stats: emptyStats(this.kept.all.length), values: [] };
        this.#buckets.push((open = bucket));
      }
      bucket.fromMs = Math.min(bucket.fromMs, t);
      bucket.toMs = Math.max(bucket.toMs, t);
      bucket.events += 1;
      for (const [index, kept] of this.kept.all.entries()) measure(bucket, index, kept, row, slabs);
    }
    this.#merge(newer);
    this.changed();
  }

  /** The last bucket that begins at or before a time; the first where none does. */
  #bucketAt(t: number): Bucket {
    return this.#buckets.findLast(({ fromMs }) => fromMs <= t) ?? (this.#buckets[0] as Bucket);
  }

  /** Joins neighbours as far as the share allows. */
  #merge(newer: number): void {
    const joined: Bucket[] = [];
    for (const bucket of this.#buckets.toReversed()) {
      const next = joined.at(-1);
      if (next !== undefined && bucket.events + next.events <= (newer - next.events) * BUCKET_SHARE) join(next, bucket, this.kept);
      else joined.push(bucket);
      newer += bucket.events;
    }
    this.#buckets = joined.reverse();
  }

  /** Drops buckets that end at or before a time. */
  forgetUntil(ms: number): void {
    this.#buckets = this.#buckets.filter(({ toMs }) => toMs > ms);
    this.changed();
  }

  /** The held events are others than before. */
  changed(): void {
    this.#behind = [];
    this.left();
  }

  /** An event was taken out of the list again. */
  left(): void {
    this.#distinct.clear();
  }

  /** An event came into the list. Cost: the windows whose values are counted. */
  entered(row: number, slabs: Slabs): void {
    for (const { kept, union } of this.#distinct.values()) addValue(union, kept, row, slabs);
  }

  #suffix(index: number): Float64Array {
    const known = this.#behind[index];
    if (known !== undefined) return known;
    const { length } = this.#buckets;
    const suffix = new Float64Array((length + 1) * WIDTH);
    suffix.set(emptyStats(1), length * WIDTH);
    for (let at = length - 1; at >= 0; at--) {
      const { stats } = this.#buckets[at] as Bucket;
      const [from, to, own] = [(at + 1) * WIDTH, at * WIDTH, index * WIDTH];
      suffix[to + N] = (suffix[from + N] as number) + (stats[own + N] as number);
      suffix[to + SUM] = (suffix[from + SUM] as number) + (stats[own + SUM] as number);
      suffix[to + LEAST] = Math.min(suffix[from + LEAST] as number, stats[own + LEAST] as number);
      suffix[to + GREATEST] = Math.max(suffix[from + GREATEST] as number, stats[own + GREATEST] as number);
    }
    return (this.#behind[index] = suffix);
  }

  /** Index of the first bucket that ends behind a time. */
  #first(lowMs: number): number {
    let [low, high] = [0, this.#buckets.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#buckets[middle] as Bucket).toMs > lowMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Of a measure in (lowMs, untilMs]: how many, sum, least, greatest; ±Infinity for no extreme. */
  within(of: Where, lowMs: number, untilMs: number): readonly [n: number, sum: number, least: number, greatest: number] {
    const index = this.kept.index(of, false);
    const first = this.#first(lowMs);
    const bucket = this.#buckets[first];
    if (index < 0 || bucket === undefined) return [0, 0, Infinity, -Infinity];
    const suffix = this.#suffix(index);
    if (untilMs >= this.untilMs) {
      const out = 1 - shareIn(bucket, lowMs, untilMs);
      const at = first * WIDTH;
      const own = index * WIDTH;
      return [
        Math.round((suffix[at + N] as number) - out * (bucket.stats[own + N] as number)),
        Math.round((suffix[at + SUM] as number) - out * (bucket.stats[own + SUM] as number)),
        suffix[at + LEAST] as number,
        suffix[at + GREATEST] as number,
      ];
    }
    let [n, sum, least, greatest] = [0, 0, Infinity, -Infinity];
    for (let at = first; at < this.#buckets.length; at++) {
      const each = this.#buckets[at] as Bucket;
      const share = shareIn(each, lowMs, untilMs);
      if (share === 0) break;
      const own = index * WIDTH;
      n += share * (each.stats[own + N] as number);
      sum += share * (each.stats[own + SUM] as number);
      least = Math.min(least, each.stats[own + LEAST] as number);
      greatest = Math.max(greatest, each.stats[own + GREATEST] as number);
    }
    return [Math.round(n), Math.round(sum), least, greatest];
  }

  /**
   * Different values since a time: those of the buckets and of all events held. The union is kept while the window begins in
   * the same bucket. @param id tells measures and windows apart
   */
  distinct(id: number, of: Where, lowMs: number, held: Int32Array, slabs: Slabs): number {
    const kept = this.kept.all[this.kept.index(of, true)];
    if (kept === undefined) return Number.NaN;
    const index = this.kept.all.indexOf(kept);
    const first = this.#first(lowMs);
    let distinct = this.#distinct.get(id);
    if (distinct === undefined || distinct.first !== first) {
      this.#distinct.set(id, (distinct = { kept, first, union: new HyperLogLog() }));
      for (let at = first; at < this.#buckets.length; at++) {
        const values = (this.#buckets[at] as Bucket).values[index];
        if (values !== undefined) distinct.union.merge(values);
      }
      for (const row of held) addValue(distinct.union, kept, row, slabs);
    }
    return distinct.union.estimate;
  }

  record(names: Pick<SketchRecord, 'entityType' | 'key' | 'list'>): SketchRecord {
    return {
      ...names,
      floor: this.floor,
      measures: this.kept.all.map(({ name }) => name),
      buckets: this.#buckets.map(({ fromMs, toMs, events, stats, values }) => ({
        fromMs,
        toMs,
        events,
        stats: stats.slice(),
        values: this.kept.all.map((_, index) => values[index]?.registers.slice() ?? null),
      })),
    };
  }

  /** Measures that the record has not know nothing of the folded events. */
  restore({ floor, measures, buckets }: SketchRecord): void {
    const from = this.kept.all.map(({ name }) => measures.indexOf(name));
    this.floor = floor;
    this.#buckets = buckets.map(({ fromMs, toMs, events, stats, values }) => {
      const own = emptyStats(from.length);
      for (const [index, old] of from.entries()) if (old >= 0) own.set(stats.subarray(old * WIDTH, (old + 1) * WIDTH), index * WIDTH);
      return {
        fromMs,
        toMs,
        events,
        stats: own,
        values: from.map((old) => {
          const registers = old < 0 ? null : (values[old] ?? null);
          return registers === null ? undefined : new HyperLogLog(registers.slice());
        }),
      };
    });
    this.changed();
  }

  get bytes(): number {
    let bytes = 0;
    for (const { stats, values } of this.#buckets)
      bytes += stats.byteLength + values.reduce((sum, value) => sum + (value?.registers.byteLength ?? 0), 64);
    for (const suffix of this.#behind) bytes += suffix?.byteLength ?? 0;
    return bytes;
  }
}

function emptyStats(measures: number): Float64Array {
  const stats = new Float64Array(measures * WIDTH);
  for (let at = 0; at < stats.length; at += WIDTH) {
    stats[at + LEAST] = Infinity;
    stats[at + GREATEST] = -Infinity;
  }
  return stats;
}

/** Of a bucket's time, how much lies in (lowMs, untilMs]. */
function shareIn({ fromMs, toMs }: Bucket, lowMs: number, untilMs: number): number {
  if (toMs <= lowMs || fromMs > untilMs) return 0;
  if (fromMs > lowMs && toMs <= untilMs) return 1;
  return (Math.min(toMs, untilMs) - Math.max(fromMs, lowMs)) / (toMs - fromMs);
}

function join(next: Bucket, before: Bucket, kept: KeptList): void {
  next.fromMs = Math.min(next.fromMs, before.fromMs);
  next.toMs = Math.max(next.toMs, before.toMs);
  next.events += before.events;
  for (let index = 0; index < kept.all.length; index++) {
    const at = index * WIDTH;
    next.stats[at + N] = (next.stats[at + N] as number) + (before.stats[at + N] as number);
    next.stats[at + SUM] = (next.stats[at + SUM] as number) + (before.stats[at + SUM] as number);
    next.stats[at + LEAST] = Math.min(next.stats[at + LEAST] as number, before.stats[at + LEAST] as number);
    next.stats[at + GREATEST] = Math.max(next.stats[at + GREATEST] as number, before.stats[at + GREATEST] as number);
    const values = before.values[index];
    if (values !== undefined) (next.values[index] ??= new HyperLogLog()).merge(values);
  }
}

/** The value of a row for a measure; NaN where it does not count. A row by itself counts as 0. */
function valueOf({ word, mask, kind, at }: Where, row: number, { f64, i32 }: Slabs): number {
  if (word >= 0 && ((i32[row * 2 + word] as number) & mask) === 0) return Number.NaN;
  if (kind === 0) return 0;
  if (kind === 1) return f64[row + at] as number;
  const code = i32[row * 2 + at] as number;
  return code < 0 ? Number.NaN : code;
}

function measure(bucket: Bucket, index: number, kept: Kept, row: number, slabs: Slabs): void {
  const value = valueOf(kept, row, slabs);
  if (value !== value) return;
  if (kept.distinct) {
    addValue((bucket.values[index] ??= new HyperLogLog()), kept, row, slabs);
    return;
  }
  const { stats } = bucket;
  const at = index * WIDTH;
  stats[at + N] = (stats[at + N] as number) + 1;
  stats[at + SUM] = (stats[at + SUM] as number) + value;
  if (value < (stats[at + LEAST] as number)) stats[at + LEAST] = value;
  if (value > (stats[at + GREATEST] as number)) stats[at + GREATEST] = value;
}

function addValue(union: HyperLogLog, kept: Kept, row: number, slabs: Slabs): void {
  const value = valueOf(kept, row, slabs);
  if (value === value) union.add(kept.kind === 2 ? hashOfText(slabs.dictionary.text(value)) : hashOfNumber(value));
}
