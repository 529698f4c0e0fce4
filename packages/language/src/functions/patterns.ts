import { COUNT, RATIO, number } from '../types.ts';
import { deviation } from './amounts.ts';
import { numberAt, type FunctionEntry } from './entry.ts';
import { numbersOf, valuesOf } from './values.ts';

/** Two numbers dialled one after the other count as consecutive up to this distance. */
const CONSECUTIVE_STEP = 50n;

/** Functions that look at the shape of one series. */
export const PATTERNS: readonly FunctionEntry[] = [
  {
    name: 'incrun',
    parameters: ['values', 'window'],
    says: 'length of the longest run of strictly rising values',
    nothing: '0',
    result: (types) => (numberAt(types, 0) === undefined ? undefined : COUNT),
    compile: (args) => {
      const values = numbersOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null ? null : longestRise(found);
      };
    },
  },
  {
    name: 'nearcount',
    parameters: ['values', 'number', 'window'],
    says: 'most values within a relative tolerance of one of them',
    nothing: '0',
    result: (types) => (numberAt(types, 0) === undefined ? undefined : COUNT),
    compile: (args) => {
      const values = numbersOf(args, 2);
      const tolerance = args.number(1);
      return (context) => {
        const found = values(context);
        return found === null ? null : mostNear(found, tolerance);
      };
    },
  },
  {
    name: 'gapcv',
    parameters: ['events', 'window'],
    says: 'coefficient of variation of the times between events; null below three events or without any time between them',
    nothing: 'null',
    result: () => number('cv', false),
    compile: (args) => {
      const selection = args.selection(0, 1);
      return (context) => {
        const events = selection(context);
        if (events === null || events.length < 3) return null;
        const gaps = events.slice(1).map((event, index) => event.t - (events[index]?.t ?? 0));
        const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
        const spread = deviation(gaps);
        return mean === 0 || spread === null ? null : spread / mean;
      };
    },
  },
  {
    name: 'seqdial',
    parameters: ['values', 'window'],
    says: `share of neighbouring numbers that lie 1 to ${CONSECUTIVE_STEP} apart; null below two numbers`,
    nothing: 'null',
    result: (types) => (types[0]?.kind === 'id' || types[0]?.kind === 'text' || types[0]?.kind === 'number' ? RATIO : undefined),
    compile: (args) => {
      const values = valuesOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null || found.length < 2 ? null : consecutiveShare(found.map(String));
      };
    },
  },
  {
    name: 'burst',
    parameters: ['events', 'gap', 'window'],
    says: 'most events within any stretch shorter than the duration',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const selection = args.selection(0, 2);
      const lengthMs = args.gapMs(1);
      return (context) => {
        const events = selection(context);
        if (events === null) return null;
        let [best, start] = [0, 0];
        for (const [index, event] of events.entries()) {
          while (start < index && event.t - (events[start]?.t ?? 0) >= lengthMs) start += 1;
          best = Math.max(best, index - start + 1);
        }
        return best;
      };
    },
  },
];

function longestRise(values: readonly number[]): number {
  let [best, run] = [0, 0];
  for (const [index, value] of values.entries()) {
    run = index > 0 && value > (values[index - 1] as number) ? run + 1 : 1;
    best = Math.max(best, run);
  }
  return best;
}

/** For each x the values y with |y − x| ≤ tolerance · x are neighbours in sorted order: two searches instead of a scan. */
function mostNear(values: number[], tolerance: number): number {
  const sorted = values.sort((a, b) => a - b);
  let best = 0;
  for (const [index, x] of sorted.entries()) {
    if (tolerance * x < 0) continue;
    const isNear = (y: number): boolean => Math.abs(y - x) <= tolerance * x;
    const below = firstIndex(0, index, (at) => isNear(sorted[at] as number));
    const above = firstIndex(index, sorted.length, (at) => !isNear(sorted[at] as number));
    best = Math.max(best, above - below);
  }
  return best;
}

/** First index in [low, high) where the condition holds, which then holds to the end; high when nowhere. */
function firstIndex(low: number, high: number, holds: (index: number) => boolean): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function consecutiveShare(numbers: readonly string[]): number {
  const parsed = numbers.map((text) => text.replaceAll(/\D/g, '')).map((digits) => (digits === '' ? null : BigInt(digits)));
  let near = 0;
  for (let index = 1; index < parsed.length; index++) {
    const [a, b] = [parsed[index - 1], parsed[index]];
    if (typeof a === 'bigint' && typeof b === 'bigint' && b - a >= 1n && b - a <= CONSECUTIVE_STEP) near += 1;
  }
  return near / (parsed.length - 1);
}
