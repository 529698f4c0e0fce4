import { number, type Type } from '../types.ts';
import { numberAt, type ArgumentType, type FunctionEntry } from './entry.ts';
import { numbersOf, valuesOf } from './values.ts';

const same = (types: readonly ArgumentType[]): Type | undefined => numberAt(types, 0);
const averaged = (types: readonly ArgumentType[]): Type | undefined => {
  const field = numberAt(types, 0);
  return field === undefined ? undefined : number(field.unit, false);
};
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** An aggregate of a numeric field that is null when there is no value. */
function aggregate(
  name: string,
  says: string,
  of: (values: readonly number[]) => number | null,
  result: FunctionEntry['result'],
): FunctionEntry {
  return {
    name,
    parameters: ['values', 'window'],
    says,
    nothing: 'null',
    result,
    compile: (args) => {
      const values = numbersOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null || found.length === 0 ? null : of(found);
      };
    },
  };
}

/** An end of the ordered values, of any type. */
function end(name: 'first' | 'last', index: 0 | -1): FunctionEntry {
  return {
    name,
    parameters: ['values', 'window'],
    says: `the ${name} known value in total order`,
    nothing: 'null',
    result: (types) => types[0] ?? undefined,
    compile: (args) => {
      const values = valuesOf(args, 1);
      return (context) => values(context)?.at(index) ?? null;
    },
  };
}

/** Functions that calculate with a field. */
export const AMOUNTS: readonly FunctionEntry[] = [
  {
    name: 'sum',
    parameters: ['values', 'window'],
    says: 'sum of the values',
    nothing: '0',
    result: (types) => (numberAt(types, 0)?.unit === 'instant' ? undefined : same(types)),
    compile: (args) => {
      const values = numbersOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null ? null : total(found);
      };
    },
  },
  aggregate('avg', 'mean of the values', (values) => total(values) / values.length, averaged),
  aggregate('min', 'least value', (values) => values.reduce((a, b) => Math.min(a, b)), same),
  aggregate('max', 'greatest value', (values) => values.reduce((a, b) => Math.max(a, b)), same),
  aggregate('std', 'population standard deviation; null for fewer than two values', deviation, averaged),
  end('last', -1),
  end('first', 0),
  {
    name: 'q',
    parameters: ['values', 'number', 'window'],
    says: 'quantile by nearest rank ⌈p·n⌉',
    nothing: 'null',
    result: same,
    refuses: ([, p]) =>
      p?.kind === 'value' && p.value > 1 ? { argument: 1, says: `a quantile is between 0 and 1, not ${p.value}` } : undefined,
    compile: (args) => {
      const values = numbersOf(args, 2);
      const p = args.number(1);
      return (context) => {
        const found = values(context);
        if (found === null || found.length === 0) return null;
        return found.sort((a, b) => a - b)[Math.max(0, Math.ceil(p * found.length) - 1)] ?? null;
      };
    },
  },
];

/** Population standard deviation, null below two values. */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = total(values) / values.length;
  return Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / values.length);
}
