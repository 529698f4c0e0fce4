import type { Argument, Expression, Filter, Selector, SequenceExpression, Window } from './ast.ts';
import { compileFormula } from './compiler.ts';
import type { Context } from './context.ts';
import { compareEvents, firstBehind, type StreamEvent } from './event.ts';
import { printFilter, printSelector, printWindow } from './printer.ts';
import { entityTypeOf, type EntityType, type Schema } from './schema.ts';
import { boundsOf, compileFilter, rangeOf } from './selection.ts';

/** One event as a selector of a formula saw it. */
export interface ReadEvent {
  readonly event: StreamEvent;
  /** Whether it is one of those that the function, or the sequence, worked on. */
  readonly counts: boolean;
  /** `counted` · `seq element 2` · `outside window` · `after the as-of point` · `filter: dir=out, is in` · `in no sequence` · `not covered`. */
  readonly how: string;
}

/** What one selector of a formula read: all events of its stream that the key holds, in total order. */
export interface Reading {
  readonly selector: string;
  readonly window: string;
  readonly entityType: EntityType;
  readonly key: string;
  readonly events: readonly ReadEvent[];
}

/** How a formula read the events at an as-of point, selector by selector, those of `of(…)` from the key it names. For explanations: linear in the history of the keys, sequences quadratic. */
export function readingsOf(formula: Expression, context: Context, schema: Pick<Schema, 'gated'>): Reading[] {
  const out: Reading[] = [];
  const read = (node: Expression, at: Context): void => {
    switch (node.kind) {
      case 'and':
      case 'or':
      case 'compare':
      case 'arithmetic':
        read(node.left, at);
        read(node.right, at);
        return;
      case 'not':
      case 'negative':
        read(node.operand, at);
        return;
      case 'of': {
        read(node.key, at);
        const key = compileFormula(node.key, schema)(at);
        const type = entityTypeOf(node.entityType);
        if (typeof key === 'string' && type !== undefined) read(node.body, at.of(type, key));
        return;
      }
      case 'sequence':
        out.push(...sequenceReadings(node, at, schema.gated));
        return;
      case 'call':
        for (const [index, argument] of node.args.entries()) {
          if (argument.kind === 'expression') read(argument.expression, at);
          else if (argument.kind === 'selector') {
            const window = windowOf(node.args, index);
            if (window !== undefined) out.push(selectorReading(argument, window, at, schema.gated));
          }
        }
        return;
      default:
    }
  };
  read(formula, context);
  return out;
}

/** The window behind a selector, else the one before it: every function has its arguments in that order. */
function windowOf(args: readonly Argument[], index: number): Window | undefined {
  const isWindow = (argument: Argument): argument is Extract<Argument, { kind: 'window' }> => argument.kind === 'window';
  return (args.slice(index).find(isWindow) ?? args.slice(0, index).findLast(isWindow))?.window;
}

function selectorReading(selector: Selector, window: Window, context: Context, gated: ReadonlySet<string>): Reading {
  const events = context.entity.of(selector.stream);
  const bounds = boundsOf(window, context);
  const [from, to] = bounds === null ? [0, 0] : rangeOf(events, bounds, context);
  const covered = !gated.has(selector.stream) || context.world.coverage(context.entityType, context.key, selector.stream);
  const behind = firstBehind(events, context, true);
  return reading(selector, window, context, (event, index) => {
    if (index >= behind) return 'after the as-of point';
    if (!covered) return 'not covered';
    if (index < from || index >= to) return 'outside window';
    return failure(selector.filter, event, context, undefined) ?? null;
  });
}

/** @param why what keeps an event from counting, or null; a word beginning with `seq` counts */
function reading(selector: Selector, window: Window, context: Context, why: (event: StreamEvent, index: number) => string | null): Reading {
  return {
    selector: printSelector(selector),
    window: printWindow(window),
    entityType: context.entityType,
    key: context.key,
    events: context.entity.of(selector.stream).map((event, index) => {
      const how = why(event, index) ?? 'counted';
      return { event, counts: how === 'counted' || how.startsWith('seq '), how };
    }),
  };
}

/** The first part of a filter that is not true of an event, in words. */
function failure(filter: Filter | null, event: StreamEvent, context: Context, previous: StreamEvent | undefined): string | undefined {
  if (filter === null || compileFilter(filter)(event, context, previous) === true) return undefined;
  if (filter.kind === 'and') return failure(filter.left, event, context, previous) ?? failure(filter.right, event, context, previous);
  const value = 'field' in filter ? (event[filter.field] ?? null) : undefined;
  return `filter: ${printFilter(filter)}${value === undefined ? '' : value === null ? ', not known' : `, is ${String(value)}`}`;
}

/** Elements of every chain that ends inside the window. */
function sequenceReadings(node: SequenceExpression, context: Context, gated: ReadonlySet<string>): Reading[] {
  const steps = [{ gapMs: 0, selector: node.first }, ...node.next];
  const bounds = boundsOf(node.window, context);
  const covered = steps.every(
    ({ selector }) => !gated.has(selector.stream) || context.world.coverage(context.entityType, context.key, selector.stream),
  );
  const follows = (step: (typeof steps)[number], previous: StreamEvent, event: StreamEvent): boolean =>
    compareEvents(previous, event) < 0 &&
    event.t - previous.t <= step.gapMs &&
    failure(step.selector.filter, event, context, previous) === undefined;
  /** Per step: the events that end a chain so far. */
  const ending: StreamEvent[][] = [];
  for (const [index, step] of steps.entries()) {
    const events = context.entity.of(step.selector.stream);
    const [from, to] =
      index < steps.length - 1 ? [0, firstBehind(events, context, true)] : bounds === null ? [0, 0] : rangeOf(events, bounds, context);
    ending.push(
      events
        .slice(from, to)
        .filter((event) =>
          index === 0
            ? failure(step.selector.filter, event, context, undefined) === undefined
            : (ending[index - 1] ?? []).some((previous) => follows(step, previous, event)),
        ),
    );
  }
  // Backwards: of those, the ones from which a chain goes on to its end.
  for (let index = steps.length - 2; index >= 0; index--) {
    const step = steps[index + 1] as (typeof steps)[number];
    ending[index] = (ending[index] ?? []).filter((event) => (ending[index + 1] ?? []).some((next) => follows(step, event, next)));
  }
  return steps.map(({ selector }, index) => {
    const events = context.entity.of(selector.stream);
    const behind = firstBehind(events, context, true);
    const members = new Set(ending[index]);
    return reading(selector, node.window, context, (event, at) => {
      if (at >= behind) return 'after the as-of point';
      if (!covered) return 'not covered';
      if (members.has(event)) return `seq element ${index + 1}`;
      return (index === 0 ? failure(selector.filter, event, context, undefined) : undefined) ?? 'in no sequence';
    });
  });
}
