import { dayNumber } from '../calendar.ts';
import { BOOLEAN, COUNT, RATIO, number } from '../types.ts';
import type { FunctionEntry } from './entry.ts';
import { greatest, tally, valuesOf } from './values.ts';

/** Functions that count events or different values. */
export const COUNTING: readonly FunctionEntry[] = [
  {
    name: 'count',
    parameters: ['events', 'window'],
    says: 'number of events',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const selection = args.selection(0, 1);
      return (context) => selection(context)?.length ?? null;
    },
  },
  {
    name: 'exists',
    parameters: ['events', 'window'],
    says: 'whether there is an event',
    nothing: 'false',
    result: () => BOOLEAN,
    compile: (args) => {
      const selection = args.selection(0, 1);
      return (context) => {
        const events = selection(context);
        return events === null ? null : events.length > 0;
      };
    },
  },
  {
    name: 'since',
    parameters: ['events', 'window'],
    says: 'time since the latest event',
    nothing: 'null',
    result: () => number('ms', true),
    compile: (args) => {
      const selection = args.selection(0, 1);
      return (context) => {
        const latest = selection(context)?.at(-1);
        return latest === undefined ? null : context.tMs - latest.t;
      };
    },
  },
  {
    name: 'days',
    parameters: ['events', 'window'],
    says: 'number of different local days with an event',
    nothing: '0',
    result: () => number('day', true),
    compile: (args) => {
      const selection = args.selection(0, 1);
      return (context) => {
        const events = selection(context);
        return events === null ? null : new Set(events.map((event) => dayNumber(event.t))).size;
      };
    },
  },
  {
    name: 'distinct',
    parameters: ['values', 'window'],
    says: 'number of different values',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const values = valuesOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null ? null : new Set(found).size;
      };
    },
  },
  {
    name: 'topcount',
    parameters: ['values', 'window'],
    says: 'how often the most frequent value occurs',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const values = valuesOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null ? null : greatest(tally(found).values(), 0);
      };
    },
  },
  {
    name: 'topshare',
    parameters: ['values', 'window'],
    says: 'share of the most frequent value, 0 to 1',
    nothing: 'null',
    result: () => RATIO,
    compile: (args) => {
      const values = valuesOf(args, 1);
      return (context) => {
        const found = values(context);
        return found === null || found.length === 0 ? null : greatest(tally(found).values(), 0) / found.length;
      };
    },
  },
  {
    name: 'entropy',
    parameters: ['values', 'window'],
    says: 'Shannon entropy of the values, base 2',
    nothing: 'null',
    result: () => number('bit', false),
    compile: (args) => {
      const values = valuesOf(args, 1);
      return (context) => {
        const found = values(context);
        if (found === null || found.length === 0) return null;
        let sum = 0;
        for (const count of tally(found).values()) sum += (count / found.length) * Math.log2(count / found.length);
        return -sum;
      };
    },
  },
];
