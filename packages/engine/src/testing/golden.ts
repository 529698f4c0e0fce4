import type { StreamEvent } from '@skyeye/contracts';
import { compareEvents, entityTypeOf, NO_HOLIDAYS, staticDimensions, type Dimensions, type EntityType, type Value } from '@skyeye/language';
import type { FastEngineOptions } from '../index.ts';

/** Scripted cases with their expected values. */
export const GOLDEN_SETS = ['svc', 'brush', 'mule_ring', 'probe_mule'] as const;
export type GoldenSet = (typeof GOLDEN_SETS)[number];

export interface Golden {
  /** Events in total order. */
  readonly goldenEvents: (set: GoldenSet) => StreamEvent[];
  /** Options of an engine for a set, all but the plan. */
  readonly goldenOptions: (set: GoldenSet) => Omit<FastEngineOptions, 'plan'>;
}

/** @param read a file of the testkit's golden folder */
export function goldenFrom(read: (name: string) => string): Golden {
  const dimsOf = (set: GoldenSet): Dimensions => {
    const rows = JSON.parse(read(`${set}.dims.json`)) as [string, string, Record<string, Value>][];
    return staticDimensions(rows.map(([type, key, values]) => [entityTypeOf(type) as EntityType, key, values]));
  };
  return {
    goldenEvents: (set) =>
      read(`${set}.events.jsonl`)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as StreamEvent)
        .sort(compareEvents),
    goldenOptions: (set) => ({ holidays: NO_HOLIDAYS, scope: 'all', dims: dimsOf(set) }),
  };
}
