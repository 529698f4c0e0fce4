import { compareEvents, type Value } from '@skyeye/language';
import type { Feature } from '@skyeye/catalogue';
import { pointsOf, worldOf, type Facts, type Point } from './points.ts';

/** One evaluation at which two versions do not agree. A side that was not evaluated there is undefined. */
export interface Difference {
  readonly eventId: string;
  readonly t: number;
  readonly key: string;
  readonly before: { readonly value: Value; readonly fires: boolean } | undefined;
  readonly after: { readonly value: Value; readonly fires: boolean } | undefined;
}

export interface Comparison {
  /** Evaluations of either version. */
  readonly evaluations: number;
  /** In total order. */
  readonly differences: readonly Difference[];
  /** How often each version fires, and for how many keys. */
  readonly fired: { readonly before: readonly [times: number, keys: number]; readonly after: readonly [times: number, keys: number] };
}

/** Numbers that differ by less are the same. */
const RELATIVE = 1e-9;

/** Where two versions of a feature differ over the same events. Cost: both evaluated by the slow evaluator. */
export function diff(before: Feature, after: Feature, facts: Facts): Comparison {
  const world = worldOf(facts);
  const both = [before, after].map((feature) => [
    ...pointsOf({ keyType: feature.keyedBy, triggers: feature.triggers, ast: feature.ast, fires: feature.fire }, facts, undefined, world),
  ]);
  const [old = [], now = []] = both;
  const places = new Map<string, [Point | undefined, Point | undefined]>();
  for (const point of old) places.set(placeOf(point), [point, undefined]);
  for (const point of now) places.set(placeOf(point), [places.get(placeOf(point))?.[0], point]);
  const differing = [...places.values()].filter(
    ([a, b]) => a === undefined || b === undefined || !isSame(a.value, b.value) || a.fires !== b.fires,
  );
  differing.sort(([a, b], [c, d]) => compareEvents((a ?? (b as Point)).event, (c ?? (d as Point)).event));
  return {
    evaluations: places.size,
    differences: differing.map(([a, b]) => {
      const { event, key } = a ?? (b as Point);
      return { eventId: event.id, t: event.t, key, before: sideOf(a), after: sideOf(b) };
    }),
    fired: { before: firedOf(old), after: firedOf(now) },
  };
}

const placeOf = ({ event, key }: Point): string => `${event.id}\u0000${key}`;
const sideOf = (point: Point | undefined): Difference['before'] =>
  point === undefined ? undefined : { value: point.value, fires: point.fires };

function firedOf(points: readonly Point[]): readonly [number, number] {
  const fired = points.filter(({ fires }) => fires);
  return [fired.length, new Set(fired.map(({ key }) => key)).size];
}

function isSame(a: Value, b: Value): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= RELATIVE * Math.max(1, Math.abs(a), Math.abs(b));
}
