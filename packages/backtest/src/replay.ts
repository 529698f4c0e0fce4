import type { Cause } from '@skyeye/detection';
import type { Engine } from '@skyeye/engine';
import type { Arrival } from './arrival.ts';
import { reported, type Case } from './cases.ts';
import type { Side } from './side.ts';

/** As the scorer: batches of this size at most, the minute clock at whole half minutes. */
const BATCH = 256;
const TICK_MS = 30_000;

export interface ReplayOptions {
  /** In pieces, in order. */
  readonly arrivals: Iterable<readonly Arrival[]> | AsyncIterable<readonly Arrival[]>;
  readonly engine: Engine;
  readonly sides: readonly Side[];
  /** What arrived before is folded and alerts nobody; what arrives from `toMs` on is left out. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Counts the time of work, ms: of the processor, where others use the machine too. */
  readonly workClockMs: () => number;
  /** Asked between batches. */
  readonly isStopped: () => boolean;
  readonly onProgress: (events: number, atMs: number) => void;
}

export interface Replayed {
  readonly events: number;
  readonly fromMs: number;
  /** Arrival of the last event taken. */
  readonly untilMs: number;
  readonly wasStopped: boolean;
  /** Victims by what was reported in the stored events themselves. */
  readonly reported: readonly Case[];
  /** By the work's clock in engine and detection, reading and normalising left out, ms. */
  readonly workMs: number;
}

/** Past events through the real engine, once, and every side on the same values. The same options give the same alerts. */
export async function replay({
  arrivals,
  engine,
  sides,
  fromMs,
  toMs,
  workClockMs,
  isStopped,
  onProgress,
}: ReplayOptions): Promise<Replayed> {
  const cases: Case[] = [];
  let batch: Extract<Arrival, { kind: 'event' }>[] = [];
  let [events, firstMs, untilMs, tickedMs, workMs] = [0, 0, 0, 0, 0];
  const judge = async (causes: readonly Cause[], nowMs: number): Promise<void> => {
    if (nowMs < fromMs || causes.length === 0) return;
    for (const side of sides) await side.see(causes);
  };
  const flush = async (nowMs: number): Promise<void> => {
    const folded = engine.ingest(batch.map(({ event }) => event));
    await judge(
      folded.flatMap(({ event, outcome, evaluations }) => (outcome === 'folded' ? [{ event, evaluations }] : [])),
      nowMs,
    );
    if (Math.floor(nowMs / TICK_MS) > Math.floor(tickedMs / TICK_MS)) {
      tickedMs = nowMs;
      const evaluations = engine.tick(nowMs);
      if (evaluations.length > 0) await judge([{ event: null, evaluations }], nowMs);
    }
    events += batch.length;
    batch = [];
    onProgress(events, nowMs);
  };
  /** Takes a piece. False: it is over, by its end or by a stop. */
  const take = async (piece: readonly Arrival[]): Promise<boolean> => {
    for (const arrival of piece) {
      if (arrival.atMs >= toMs) return false;
      if (batch.length >= BATCH || (batch.length > 0 && Math.floor(arrival.atMs / TICK_MS) > Math.floor(untilMs / TICK_MS))) {
        await flush(untilMs);
        if (isStopped()) {
          wasStopped = true;
          return false;
        }
      }
      untilMs = arrival.atMs;
      if (firstMs === 0) firstMs = arrival.atMs;
      if (arrival.kind === 'reference') engine.learn(arrival.records);
      else {
        batch.push(arrival);
        cases.push(...reported(arrival.event));
      }
    }
    return true;
  };
  let wasStopped = false;
  for await (const piece of arrivals) {
    // The clock of the work is asked by the piece: asking the system for processor time costs more than folding an event.
    const startedMs = workClockMs();
    const goesOn = await take(piece);
    workMs += workClockMs() - startedMs;
    if (!goesOn) break;
  }
  const endedMs = workClockMs();
  if (batch.length > 0) await flush(untilMs);
  for (const side of sides) await side.settle();
  workMs += workClockMs() - endedMs;
  return { events, fromMs: Math.max(fromMs, firstMs), untilMs, wasStopped, reported: cases, workMs };
}
