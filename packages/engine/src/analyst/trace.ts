import type { Feature } from '@skyeye/catalogue';
import type { Bilingual } from '@skyeye/contracts';
import { explain } from './explain.ts';
import { causesOf, type Cause } from './causes.ts';
import { pointsOf, type Facts, type Point } from './points.ts';

export interface TracePoint extends Omit<Point, 'context'> {
  readonly causes: readonly Cause[];
}

/** A feature of one key over time. */
export interface Trace {
  readonly feature: Feature;
  readonly key: string;
  readonly says: Bilingual;
  /** In total order. */
  readonly points: readonly TracePoint[];
}

/** The value of a feature for one key at every event that triggers it, and why. Cost: the key's history for each of its events. */
export function trace(feature: Feature, key: string, facts: Facts): Trace {
  const subject = { keyType: feature.keyedBy, triggers: feature.triggers, ast: feature.ast, fires: feature.fire };
  const points = [...pointsOf(subject, facts, key)].map(({ context, ...point }) => ({ ...point, causes: causesOf(feature.ast, context) }));
  return { feature, key, says: explain(feature).value, points };
}
