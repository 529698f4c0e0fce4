import { officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { LiveEngine } from '@skyeye/engine';
import { wholePlan } from '../bench/engine/county.ts';
import { START_MS } from './streams.ts';

const HOUR_MS = 3_600_000;
const MB = 1024 * 1024;
/** Events between two looks at the clock. */
const SLICE = 16;

/** What a limit was found to hold, in words, and what was not as it should be. */
export interface Limit {
  readonly says: string;
  readonly broken: readonly string[];
}

/** The longest time between two looks, by the clock on the wall and by this thread's own (to a tick of the scheduler). */
class Pauses {
  wallMs = 0;
  ownMs = 0;
  readonly #startMs = performance.now();
  #lastMs = performance.now();
  #lastOwnMs = this.#own();

  #own(): number {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  }

  look(): void {
    const [nowMs, ownMs] = [performance.now(), this.#own()];
    this.wallMs = Math.max(this.wallMs, nowMs - this.#lastMs);
    this.ownMs = Math.max(this.ownMs, ownMs - this.#lastOwnMs);
    [this.#lastMs, this.#lastOwnMs] = [nowMs, ownMs];
  }

  get seconds(): number {
    return (performance.now() - this.#startMs) / 1_000;
  }

  /** `of` events: how fast, and where it paused. */
  said(of: number): string {
    return `${Math.round(of / this.seconds).toLocaleString('en-US')} events/s, longest pause ${this.wallMs.toFixed(0)} ms (${this.ownMs.toFixed(0)} ms of its own time)`;
  }
}

const engineOf = (options: { readonly keyEventsMax?: number; readonly bytesMax?: number }): LiveEngine =>
  new LiveEngine({ plan: wholePlan(), holidays: officialHolidays(), scope: 'all', eventsMax: 100_000_000, ...options });

const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`;

function payment(index: number, tMs: number, acct: string, person: string): StreamEvent {
  return {
    stream: 'bank',
    id: `B:${index}`,
    t: tMs,
    acct,
    person,
    peer: `a_${(index * 7_919) % 1_009}`,
    peer_kind: 'personal',
    dir: index % 3 === 0 ? 'in' : 'out',
    st: 'ok',
    amt: 100 + ((index * 31) % 1_000_000),
    bal: 5_000_000,
    live: true,
    chan: 'mobile',
  };
}

/** One account with so many events within an hour, under the whole catalogue. Its state must stop growing, and its values must say so. */
export function busyKey({ events, keyEventsMax }: { readonly events: number; readonly keyEventsMax?: number }): Limit {
  const engine = engineOf(keyEventsMax === undefined ? {} : { keyEventsMax });
  const cap = keyEventsMax ?? 100_000;
  const pauses = new Pauses();
  let bytesAtCap = 0;
  for (let at = 0; at < events; at += SLICE) {
    const batch = Array.from({ length: Math.min(SLICE, events - at) }, (_, index) =>
      payment(at + index, START_MS + Math.floor(((at + index) * HOUR_MS) / events), 'a_busy', 'p_busy'),
    );
    engine.ingest(batch);
    pauses.look();
    if (bytesAtCap === 0 && at > 1.2 * cap) bytesAtCap = engine.bytes;
  }
  const said = pauses.said(events);
  const { evaluations } = engine.peek({ ...payment(events, START_MS + HOUR_MS, 'a_busy', 'p_busy'), id: 'B:asked' });
  const approximate = evaluations.filter((evaluation) => evaluation.approximate === true).length;
  const broken = [
    ...(events > 1.2 * cap && engine.bytes > 2 * bytesAtCap + 8 * MB
      ? [`it grew from ${megabytes(bytesAtCap)} at its cap to ${megabytes(engine.bytes)}`]
      : []),
    ...(engine.stats().events > 1.2 * cap + SLICE ? [`${engine.stats().events} events are held, the cap is ${cap}`] : []),
    ...(events > 2 * cap && approximate === 0 ? ['no value says that it is approximate'] : []),
  ];
  return {
    says: `${events.toLocaleString('en-US')} events of one account within an hour: ${said}; ${engine.stats().events.toLocaleString('en-US')} events held, ${megabytes(engine.bytes)}; ${approximate} of ${evaluations.length} values say that they are approximate`,
    broken,
  };
}

/** So many entities a second that nobody has seen before, for some seconds of their time, as fast as the machine goes; never more than the ceiling. */
export function newcomers({
  perSecond,
  seconds,
  bytesMax,
}: {
  readonly perSecond: number;
  readonly seconds: number;
  readonly bytesMax: number;
}): Limit {
  const engine = engineOf({ bytesMax });
  const pauses = new Pauses();
  const all = perSecond * seconds;
  // The first ones compile.
  let taken = 0;
  for (let at = 0; at < all && !engine.full; at += SLICE) {
    const batch = Array.from({ length: Math.min(SLICE, all - at) }, (_, index) =>
      payment(at + index, START_MS + Math.floor(((at + index) * 1_000) / perSecond), `a_new${at + index}`, `p_new${at + index}`),
    );
    taken += engine.ingest(batch).length;
    pauses.look();
  }
  const { keys } = engine.stats();
  const wholeSeconds = pauses.seconds;
  return {
    says: `${taken.toLocaleString('en-US')} events, each of an account and a person never seen, ${perSecond.toLocaleString('en-US')} a second by their own time: ${pauses.said(taken)}, ${Math.round(keys / wholeSeconds).toLocaleString('en-US')} new keys/s; ${megabytes(engine.bytes)}, ${Math.round(engine.bytes / Math.max(1, keys))} B a key${engine.full ? ', the ceiling' : ''}`,
    broken: [
      ...(engine.bytes > bytesMax + 64 * MB ? [`${megabytes(engine.bytes)} are held, the ceiling is ${megabytes(bytesMax)}`] : []),
      ...(engine.full || taken === all ? [] : [`${taken} of ${all} were taken below the ceiling`]),
    ],
  };
}

/** At a small ceiling: nothing more is taken, questions are answered, a checkpoint is made, and what it restores is as full and says the same. */
export function ceiling({ bytesMax }: { readonly bytesMax: number }): Limit {
  const engine = engineOf({ bytesMax });
  let taken = 0;
  const limit = bytesMax / 100;
  while (!engine.full && taken < limit) {
    const of = Math.floor(taken / 8);
    taken += engine.ingest([payment(taken, START_MS + taken * 10, `a_${of}`, `p_${of}`)]).length;
  }
  const more = engine.ingest([payment(taken, START_MS + taken * 10, 'a_0', 'p_0')]).length;
  const question = { ...payment(taken, START_MS + taken * 10, 'a_1', 'p_1'), id: 'B:asked' };
  const answered = engine.peek(question).evaluations;
  const restored = engineOf({ bytesMax });
  for (const part of engine.checkpoint()) restored.take(structuredClone(part));
  const again = restored.peek(question).evaluations;
  return {
    says: `a ceiling of ${megabytes(bytesMax)}: ${taken.toLocaleString('en-US')} events taken, ${megabytes(engine.bytes)} held, then none; ${answered.length} values answered, the same after a checkpoint and a restore`,
    broken: [
      ...(engine.full ? [] : [`after ${taken} events it was not full`]),
      ...(more === 0 ? [] : ['one more was taken at the ceiling']),
      ...(answered.length > 0 ? [] : ['no question is answered at the ceiling']),
      ...(JSON.stringify(again) === JSON.stringify(answered) ? [] : ['a restored engine answers something else']),
    ],
  };
}
