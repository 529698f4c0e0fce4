import { chanceOf } from '@skyeye/simulator/measured';

/** A measured value with its 95 % interval; NaN where nothing was there to measure. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Persons, alerts or person-days that it is of. */
  readonly of: number;
}

const DRAWS = 400;

/** The statistic of the units and its bootstrap interval over them. Deterministic. */
export function interval<T>(units: readonly T[], statistic: (units: readonly T[]) => number): Measured {
  const value = statistic(units);
  const random = chanceOf(0xb007, units.length);
  const draws = Array.from({ length: units.length === 0 ? 0 : DRAWS }, () =>
    statistic(Array.from(units, () => units[Math.floor(random.next() * units.length)] as T)),
  )
    .filter((drawn) => Number.isFinite(drawn))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => draws[Math.min(draws.length - 1, Math.floor(share * draws.length))] ?? Number.NaN;
  return { value, low: at(0.025), high: at(0.975), of: units.length };
}

/** A share of the units. With none or all of them the interval is widened by the rule of three. */
export function share<T>(units: readonly T[], holds: (unit: T) => boolean): Measured {
  const flags = units.map((unit) => (holds(unit) ? 1 : 0));
  const made = interval(flags, (drawn) => drawn.reduce((sum: number, flag) => sum + flag, 0) / drawn.length);
  if (units.length === 0) return made;
  const third = Math.min(1, 3 / units.length);
  if (made.value === 0) return { ...made, high: third };
  return made.value === 1 ? { ...made, low: 1 - third } : made;
}

/** Events per unit of exposure, each with its weight: Poisson bootstrap; for none the rule of three of the heaviest. */
export function rate(weights: readonly number[], exposure: number, heaviest: number): Measured {
  const sum = (list: readonly number[]): number => list.reduce((total, weight) => total + weight, 0);
  const value = sum(weights) / exposure;
  if (weights.length === 0) return { value: 0, low: 0, high: (3 * heaviest) / exposure, of: 0 };
  const random = chanceOf(0xb008, weights.length);
  const draws = Array.from(
    { length: DRAWS },
    () => weights.reduce((total, weight) => total + weight * random.poisson(1), 0) / exposure,
  ).toSorted((a, b) => a - b);
  return { value, low: draws[Math.floor(0.025 * DRAWS)] ?? 0, high: draws[Math.floor(0.975 * DRAWS)] ?? 0, of: weights.length };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0
    ? Number.NaN
    : sorted.length % 2 === 1
      ? (sorted[Math.floor(middle)] ?? 0)
      : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
