import { compareIds } from '@skyeye/language';

const DAY_MS = 86_400_000;

/** What the stamps remember, with the longest look-back each needs. */
export const REMEMBERED = {
  /** Calls and messages of a phone with a peer. */
  contact: { backMs: 180 * DAY_MS, gapMs: DAY_MS },
  /** Live payments of an account, and of a person, to or from a peer. */
  payment: { backMs: 180 * DAY_MS, gapMs: DAY_MS },
  personPayment: { backMs: 180 * DAY_MS, gapMs: DAY_MS },
  /** Successful logins of an account from a device. */
  login: { backMs: 180 * DAY_MS, gapMs: DAY_MS },
  /** Uses of an app, and of a sharing tool, on a phone. */
  app: { backMs: 365 * DAY_MS, gapMs: DAY_MS },
  tool: { backMs: 365 * DAY_MS, gapMs: 0 },
  /** Detections of a number as GOIP. */
  goip: { backMs: 7 * DAY_MS, gapMs: 0 },
} as const;

export type Remembered = keyof typeof REMEMBERED;

/** Structured-cloneable: one list of times, or the calls of one number. */
export type MemoryEntry =
  | { readonly kind: 'times'; readonly of: Remembered; readonly key: string; readonly times: readonly number[] }
  | { readonly kind: 'fan'; readonly caller: string; readonly calls: readonly (readonly [t: number, id: string, callee: string])[] };

/**
 * Times per key. A list keeps what any question can still see: a time between two others that lie closer together than
 * the window is never the only answer, so a daily contact costs about three numbers and not 180. Order of arrival does
 * not matter.
 */
export class StampMemory {
  readonly #times = new Map<Remembered, Map<string, number[]>>(
    Object.keys(REMEMBERED).map((name) => [name as Remembered, new Map<string, number[]>()]),
  );
  readonly #fans = new Map<string, FanOut>();

  remember(of: Remembered, key: string, tMs: number): void {
    const lists = this.#listsOf(of);
    const times = lists.get(key);
    if (times === undefined) {
      lists.set(key, [tMs]);
      return;
    }
    const index = firstAbove(times, tMs);
    if (times[index - 1] === tMs) return;
    times.splice(index, 0, tMs);
    thin(times, REMEMBERED[of].backMs - REMEMBERED[of].gapMs);
  }

  /** Whether a time lies in (afterMs, untilMs]. The bounds may be those of the table or narrower by whole gaps. */
  hasBetween(of: Remembered, key: string, afterMs: number, untilMs: number): boolean {
    const times = this.#listsOf(of).get(key);
    if (times === undefined) return false;
    const latest = times[firstAbove(times, untilMs) - 1];
    return latest !== undefined && latest > afterMs;
  }

  /** Takes a call into account for its caller's fan-out. */
  called(caller: string, call: Call): void {
    let fan = this.#fans.get(caller);
    if (fan === undefined) {
      fan = new FanOut();
      this.#fans.set(caller, fan);
    }
    fan.add(call);
  }

  /** Different callees of the caller in (t − 24 h, t], calls at the same time counted up to this one. */
  fanOut(caller: string, call: Call): number {
    return this.#fans.get(caller)?.countAt(call) ?? 1;
  }

  /** Drops what no event from `ms` on can see. */
  forgetBefore(ms: number): void {
    for (const [of, lists] of this.#times) {
      for (const [key, times] of lists) if ((times.at(-1) ?? 0) <= ms - REMEMBERED[of].backMs) lists.delete(key);
    }
    for (const [caller, fan] of this.#fans) if (!fan.forgetUntil(ms - DAY_MS)) this.#fans.delete(caller);
  }

  *entries(): Iterable<MemoryEntry> {
    for (const [of, lists] of this.#times) for (const [key, times] of lists) yield { kind: 'times', of, key, times };
    for (const [caller, fan] of this.#fans)
      yield { kind: 'fan', caller, calls: fan.calls.map(({ t, id, callee }) => [t, id, callee] as const) };
  }

  restore(entry: MemoryEntry): void {
    if (entry.kind === 'times') for (const time of entry.times) this.remember(entry.of, entry.key, time);
    else for (const [t, id, callee] of entry.calls) this.called(entry.caller, { t, id, callee });
  }

  #listsOf(of: Remembered): Map<string, number[]> {
    const lists = this.#times.get(of);
    if (lists === undefined) throw new RangeError(of);
    return lists;
  }
}

export interface Call {
  readonly t: number;
  readonly id: string;
  readonly callee: string;
}

/** Calls of one number of the last day. Counting at the newest call is incremental; a late call is counted by a scan. */
class FanOut {
  readonly calls: Call[] = [];
  readonly #times = new Map<string, number>();
  #from = 0;

  add(call: Call): void {
    let index = this.calls.length;
    while (index > 0 && order(this.calls[index - 1] as Call, call) > 0) index -= 1;
    if (index > 0 && this.calls[index - 1]?.id === call.id) return;
    this.calls.splice(index, 0, call);
    if (index < this.#from) this.#from += 1;
    else this.#count(call.callee, 1);
    const start = (this.calls.at(-1)?.t ?? 0) - DAY_MS;
    while (this.#from < this.calls.length && (this.calls[this.#from] as Call).t <= start) {
      this.#count((this.calls[this.#from] as Call).callee, -1);
      this.#from += 1;
    }
  }

  countAt(call: Call): number {
    const newest = this.calls.at(-1);
    if (newest !== undefined && newest.id === call.id) return this.#times.size;
    const callees = new Set([call.callee]);
    for (let index = this.calls.length - 1; index >= 0; index--) {
      const other = this.calls[index] as Call;
      if (other.t <= call.t - DAY_MS) break;
      if (order(other, call) <= 0) callees.add(other.callee);
    }
    return callees.size;
  }

  forgetUntil(ms: number): boolean {
    let count = 0;
    while (count < this.#from && (this.calls[count] as Call).t <= ms) count += 1;
    if (count > 0) {
      this.calls.splice(0, count);
      this.#from -= count;
    }
    return (this.calls.at(-1)?.t ?? 0) > ms;
  }

  #count(callee: string, change: 1 | -1): void {
    const count = (this.#times.get(callee) ?? 0) + change;
    if (count === 0) this.#times.delete(callee);
    else this.#times.set(callee, count);
  }
}

function order(a: Call, b: Call): number {
  return a.t - b.t || compareIds(a.id, b.id);
}

function firstAbove(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * For any window of `spanMs` ending between b and c, the predecessor b may stand for by a when c − a < spanMs: a is then
 * inside the window too.
 */
function thin(times: number[], spanMs: number): void {
  for (let index = times.length - 2; index > 0; index--) {
    if ((times[index + 1] as number) - (times[index - 1] as number) < spanMs) times.splice(index, 1);
  }
}
