import type { Context } from '../context.ts';
import type { CompileArguments } from './entry.ts';
import type { StreamEvent } from '../event.ts';

type Known = number | boolean | string;

/** The known values of a field over the selected events, in total order; null when the selection is. */
export function valuesOf(args: CompileArguments, windowIndex: number): (context: Context) => Known[] | null {
  const selection = args.selection(0, windowIndex);
  const field = args.field(0);
  return (context) => {
    const events = selection(context);
    return events === null ? null : knownValues(events, field);
  };
}

function knownValues(events: readonly StreamEvent[], field: string): Known[] {
  const found: Known[] = [];
  for (const event of events) {
    const value = event[field];
    if (value !== null && value !== undefined) found.push(value);
  }
  return found;
}

/** The same for a numeric field. */
export function numbersOf(args: CompileArguments, windowIndex: number): (context: Context) => number[] | null {
  const values = valuesOf(args, windowIndex);
  return (context) => values(context)?.filter((value) => typeof value === 'number') ?? null;
}

/** How often each value occurs. */
export function tally(values: readonly Known[]): Map<Known, number> {
  const counts = new Map<Known, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

export function greatest(numbers: Iterable<number>, least: number): number {
  let best = least;
  for (const value of numbers) if (value > best) best = value;
  return best;
}
