import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import type { Reference, StreamEvent } from '@skyeye/contracts';
import { FastEngine, planOf, type FastEngineOptions, type Plan } from '@skyeye/engine';
import { simulatedCounty } from '../../lib/simulated-county.ts';

export const DAY_MS = 86_400_000;
const LEARN_AT_ONCE = 200;
let plan: Plan | undefined;

/** The whole catalogue, compiled once. */
export const wholePlan = (): Plan => (plan ??= planOf(loadCatalogue()));

/** An engine that knows the reference data. */
export function engineOf(references: readonly Reference[], options: Partial<FastEngineOptions> = {}): FastEngine {
  const engine = new FastEngine({ plan: wholePlan(), holidays: officialHolidays(), eventsMax: 100_000_000, ...options });
  for (let from = 0; from < references.length; from += LEARN_AT_ONCE) engine.learn(references.slice(from, from + LEARN_AT_ONCE));
  return engine;
}

let county: { readonly of: string; readonly made: { references: Reference[]; events: StreamEvent[] } } | undefined;

/** A county, kept until another one is asked for. */
export function countyOf(residents: number, days: number, eventsMax = Infinity): { references: Reference[]; events: StreamEvent[] } {
  const of = `${residents} ${days} ${eventsMax}`;
  if (county?.of !== of) county = { of, made: simulatedCounty({ residents, days, eventsMax }) };
  return county.made;
}

/**
 * Microseconds of this thread per event; values of the features are computed and left. What other processes take of the
 * core meanwhile does not count, nor do the helpers of the garbage collector.
 */
export function foldMicroseconds(engine: FastEngine, events: readonly StreamEvent[], lane?: (index: number) => string): number {
  const before = process.threadCpuUsage();
  for (let index = 0; index < events.length; index++) engine.fold(events[index] as StreamEvent, lane?.(index));
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / Math.max(1, events.length);
}

let collect: (() => void) | undefined;

/** Bytes that this process holds on and off the heap after everything unreachable is collected. */
export function heldBytes(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
}
