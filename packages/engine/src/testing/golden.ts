// oxlint-disable eslint/no-restricted-imports -- cases of the tests are files
import { readFileSync } from 'node:fs';
import type { StreamEvent } from '@skyeye/contracts';
import { compareEvents, entityTypeOf, NO_HOLIDAYS, staticDimensions, type Dimensions, type EntityType, type Value } from '@skyeye/language';
import type { FastEngineOptions } from '../index.ts';

/** Scripted cases with their expected values. */
export const GOLDEN_SETS = ['svc', 'brush', 'mule_ring', 'probe_mule'] as const;
export type GoldenSet = (typeof GOLDEN_SETS)[number];

const read = (name: string): string => readFileSync(new URL(`../../../testkit/golden/${name}`, import.meta.url), 'utf8');

/** Events in total order. */
export const goldenEvents = (set: GoldenSet): StreamEvent[] =>
  read(`${set}.events.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StreamEvent)
    .sort(compareEvents);

export function goldenDims(set: GoldenSet): Dimensions {
  const rows = JSON.parse(read(`${set}.dims.json`)) as [string, string, Record<string, Value>][];
  return staticDimensions(rows.map(([type, key, values]) => [entityTypeOf(type) as EntityType, key, values]));
}

/** Options of an engine for a set, all but the plan. */
export const goldenOptions = (set: GoldenSet): Omit<FastEngineOptions, 'plan'> => ({
  holidays: NO_HOLIDAYS,
  scope: 'all',
  dims: goldenDims(set),
});
