import { compareEvents, type StreamEvent, type Value } from '../event.ts';
import type { Context } from '../context.ts';
import { BOOLEAN, COUNT, number } from '../types.ts';
import type { CompileArguments, FunctionEntry } from './entry.ts';

/** Functions over two selections in one window. */
export const PAIRS: readonly FunctionEntry[] = [
  {
    name: 'alt',
    parameters: ['events', 'events', 'window'],
    says: 'how often a B directly follows an A among the events that match either',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const [first, second] = [args.selection(0, 2), args.selection(1, 2)];
      return (context) => {
        const [a, b] = [first(context), second(context)];
        return a === null || b === null ? null : changes(a, b);
      };
    },
  },
  {
    name: 'open',
    parameters: ['events', 'events', 'name', 'window'],
    needsFieldOf: 2,
    says: 'whether some A has no later B with an equal field',
    nothing: 'false',
    result: () => BOOLEAN,
    compile: (args) => {
      const earliest = earliestOpen(args);
      return (context) => {
        const found = earliest(context);
        return found === null ? null : found !== undefined;
      };
    },
  },
  {
    name: 'openfor',
    parameters: ['events', 'events', 'name', 'window'],
    needsFieldOf: 2,
    says: 'time since the earliest A that has no later B with an equal field',
    nothing: 'null',
    result: () => number('ms', true),
    compile: (args) => {
      const earliest = earliestOpen(args);
      return (context) => {
        const found = earliest(context);
        return found === null || found === undefined ? null : context.tMs - found.t;
      };
    },
  },
];

/** An event that matches both counts as an A directly followed by a B. */
function changes(a: readonly StreamEvent[], b: readonly StreamEvent[]): number {
  let [i, j, count] = [0, 0, 0];
  let previousIsA = false;
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    const takeA = y === undefined || (x !== undefined && compareEvents(x, y) <= 0);
    if (takeA) i += 1;
    else {
      j += 1;
      if (previousIsA) count += 1;
    }
    previousIsA = takeA;
  }
  return count;
}

/** undefined: nothing is open; null: a selection is. An A is closed when the last B with its field's value lies behind it. */
function earliestOpen(args: CompileArguments): (context: Context) => StreamEvent | undefined | null {
  const [starts, stops] = [args.selection(0, 3), args.selection(1, 3)];
  const field = args.name(2);
  return (context) => {
    const [a, b] = [starts(context), stops(context)];
    if (a === null || b === null) return null;
    const lastStop = new Map<Value, StreamEvent>();
    for (const stop of b) lastStop.set(stop[field] ?? null, stop);
    return a.find((start) => {
      const stop = lastStop.get(start[field] ?? null);
      return stop === undefined || compareEvents(stop, start) <= 0;
    });
  };
}
