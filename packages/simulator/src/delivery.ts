import { rawTopic, SOURCES, type StreamName } from '@skyeye/contracts';
import type { Emission } from './records.ts';
import { HOME, type Province } from './province.ts';
import { mix, Random, hashText } from './random.ts';

/** A record on a topic at the moment it reaches us. */
export interface Delivered {
  readonly topic: string;
  readonly key: string;
  readonly record: { readonly id: string } & Readonly<Record<string, unknown>>;
  readonly arrivalMs: number;
}

/** Share of records that a provider sends twice, and of those that come after the allowed lateness. */
export const DOUBLED_SHARE = 0.01;
export const TOO_LATE_SHARE = 0.002;
/** No provider keeps a record longer than this: it bounds what a restart has to make again. */
export const DELAY_MAX_MS = 24 * 3_600_000;
const Z99 = 2.326;

const DELAYS = new Map(
  Object.values(SOURCES).map((source) => {
    const p50 = Math.max(1, source.delay.p50Ms);
    return [
      source.stream,
      { mu: Math.log(p50), sigma: Math.log(source.delay.p99Ms / p50) / Z99, lateMs: source.delay.allowedLatenessMs },
    ] as const;
  }),
);

/** When a record reaches us (log-normal by the source's p50 and p99), and when its double does, if it is sent twice. Depends on seed and id alone. */
export function arrivals(seed: number, stream: StreamName, id: string, tMs: number, slower = 1): number[] {
  const delay = DELAYS.get(stream);
  if (delay === undefined) return [tMs];
  const random = new Random(mix(seed, 0xde1), hashText(id));
  const draw = (): number => Math.min(DELAY_MAX_MS, Math.round(slower * Math.exp(delay.mu + delay.sigma * random.normal())));
  const u = random.next();
  const first = u < TOO_LATE_SHARE && delay.lateMs * 1.2 < DELAY_MAX_MS ? Math.round(delay.lateMs * (1.05 + random.next())) : draw();
  const result = [tMs + Math.min(DELAY_MAX_MS, first)];
  if (random.next() < DOUBLED_SHARE) result.push(tMs + Math.min(DELAY_MAX_MS, first + draw()));
  return result;
}

const BUCKET_MS = 60_000;
const inOrder = (a: Delivered, b: Delivered): number =>
  a.arrivalMs - b.arrivalMs || (a.record.id < b.record.id ? -1 : a.record.id > b.record.id ? 1 : 0);

/** Records on their way, given out in order of arrival (then id). Holds at most a day's records. */
export class DeliveryQueue {
  readonly #seed: number;
  readonly #province: Province;
  readonly #buckets = new Map<number, Delivered[]>();
  /** Bucket that is being given out, sorted. */
  #open = -Infinity;
  #doneMs: number;
  size = 0;

  /** Records that arrive at or before `doneMs` were given out earlier and are left out. */
  constructor(seed: number, doneMs = -Infinity, province: Province = HOME) {
    this.#seed = seed;
    this.#province = province;
    this.#doneMs = doneMs;
  }

  add(emitted: Emission): void {
    const { missing, delays } = this.#province;
    if (missing.includes(emitted.stream)) return;
    for (const arrivalMs of arrivals(this.#seed, emitted.stream, emitted.record.id, emitted.record.t, delays[emitted.stream]))
      this.put({ topic: rawTopic(emitted.stream), key: emitted.key, record: emitted.record, arrivalMs });
  }

  put(entry: Delivered): void {
    if (entry.arrivalMs <= this.#doneMs) return;
    const bucket = Math.floor(entry.arrivalMs / BUCKET_MS);
    const list = this.#buckets.get(bucket);
    this.size++;
    if (list === undefined) {
      this.#buckets.set(bucket, [entry]);
      return;
    }
    if (bucket !== this.#open) {
      list.push(entry);
      return;
    }
    let at = list.length;
    while (at > 0 && inOrder(list[at - 1] as Delivered, entry) > 0) at--;
    list.splice(at, 0, entry);
  }

  /** All that arrived up to `untilMs`, in order. What is put later with an earlier arrival comes with the next call. */
  takeUntil(untilMs: number): Delivered[] {
    const result: Delivered[] = [];
    for (const bucket of [...this.#buckets.keys()].filter((key) => key * BUCKET_MS <= untilMs).sort((a, b) => a - b)) {
      const list = this.#buckets.get(bucket) as Delivered[];
      list.sort(inOrder);
      this.#open = bucket;
      let count = 0;
      while (count < list.length && (list[count] as Delivered).arrivalMs <= untilMs) count++;
      for (let i = 0; i < count; i++) result.push(list[i] as Delivered);
      if (count === list.length) this.#buckets.delete(bucket);
      else this.#buckets.set(bucket, list.slice(count));
    }
    this.size -= result.length;
    return result;
  }
}
