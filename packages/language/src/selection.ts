import type { Filter, FilterValue, Selector, Window } from './ast.ts';
import { workingDaysStartMs } from './calendar.ts';
import type { Context } from './context.ts';
import { firstAfter, firstBehind, type StreamEvent, type Value } from './event.ts';
import { compare, kleeneAnd, kleeneNot, kleeneOr, truthOf, type Truth } from './value.ts';

/** An event passes only when the filter is true: null is not enough, and neither is its negation. */
export type Predicate = (event: StreamEvent, context: Context, previous: StreamEvent | undefined) => Truth;

export interface Bounds {
  /** Exclusive start, epoch ms. */
  readonly afterMs: number;
  /** Inclusive end, epoch ms; the as-of point besides. */
  readonly untilMs: number;
  /** Whether the as-of event itself is inside. */
  readonly inclusive: boolean;
}

/** The bounds of a window at the context's as-of point, or null when it begins at a time that is not known. */
export function boundsOf(window: Window, context: Context): Bounds | null {
  const untilMs = context.tMs;
  switch (window.kind) {
    case 'last':
      return { afterMs: untilMs - window.ms, untilMs, inclusive: true };
    case 'prior':
      return { afterMs: untilMs - window.ms, untilMs, inclusive: false };
    case 'between':
      return { afterMs: untilMs - window.fromMs, untilMs: untilMs - window.untilMs, inclusive: true };
    case 'workingDays':
      return { afterMs: workingDaysStartMs(untilMs, window.days, context.world.holidays), untilMs, inclusive: true };
    case 'since': {
      const start = context.current?.[window.field];
      return typeof start === 'number' ? { afterMs: start, untilMs, inclusive: true } : null;
    }
  }
}

/** The part of an ordered list inside the bounds, as indices [from, to). */
export function rangeOf(events: readonly StreamEvent[], bounds: Bounds, context: Context): readonly [number, number] {
  const from = firstAfter(events, bounds.afterMs);
  const behind = firstBehind(events, context, bounds.inclusive);
  return [from, bounds.untilMs < context.tMs ? Math.min(behind, firstAfter(events, bounds.untilMs)) : behind];
}

/** Events of a selector inside a window. Null: the key is not covered, or the window begins at an unknown time. */
export type Selection = (context: Context) => readonly StreamEvent[] | null;

export interface SelectionOptions {
  readonly selector: Selector;
  readonly window: Window;
  readonly gated: ReadonlySet<string>;
  /** What selections are shared by; equal selections have one. */
  readonly token: object;
}

export function compileSelection({ selector, window, gated, token }: SelectionOptions): Selection {
  const predicate = selector.filter === null ? null : compileFilter(selector.filter);
  const isGated = gated.has(selector.stream);
  const select = (context: Context): readonly StreamEvent[] | null => {
    const bounds = boundsOf(window, context);
    if (bounds === null) return null;
    if (isGated && !context.world.coverage(context.entityType, context.key, selector.stream)) return null;
    const events = context.entity.of(selector.stream);
    const [from, to] = rangeOf(events, bounds, context);
    if (predicate === null) return events.slice(from, to);
    const found: StreamEvent[] = [];
    for (let index = from; index < to; index++) {
      const event = events[index] as StreamEvent;
      if (predicate(event, context, undefined) === true) found.push(event);
    }
    return found;
  };
  return (context) => {
    const known = context.selected.get(token);
    if (known !== undefined) return known;
    const found = select(context);
    context.selected.set(token, found);
    return found;
  };
}

export function compileFilter(filter: Filter): Predicate {
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [compileFilter(filter.left), compileFilter(filter.right)];
      return (event, context, previous) => {
        const first = left(event, context, previous);
        return first === false ? false : kleeneAnd(first, right(event, context, previous));
      };
    }
    case 'or': {
      const [left, right] = [compileFilter(filter.left), compileFilter(filter.right)];
      return (event, context, previous) => {
        const first = left(event, context, previous);
        return first === true ? true : kleeneOr(first, right(event, context, previous));
      };
    }
    case 'not': {
      const operand = compileFilter(filter.operand);
      return (event, context, previous) => kleeneNot(operand(event, context, previous));
    }
    case 'truth': {
      const { field } = filter;
      return (event) => {
        const value = event[field];
        return value === undefined || value === null ? null : truthOf(value);
      };
    }
    case 'member': {
      const { field } = filter;
      const members = new Set<Value | undefined>(filter.members);
      return (event) => {
        const value = event[field];
        return value === undefined || value === null ? null : members.has(value);
      };
    }
    case 'compare': {
      const { field, operator } = filter;
      const right = compileFilterValue(filter.right);
      return (event, context, previous) => compare(operator, event[field] ?? null, right(context, previous));
    }
  }
}

function compileFilterValue(value: FilterValue): (context: Context, previous: StreamEvent | undefined) => Value {
  if (value.kind === 'literal') {
    const literal = value.value;
    return () => literal;
  }
  const { field } = value;
  if (value.kind === 'current') return (context) => context.current?.[field] ?? null;
  return (_context, previous) => previous?.[field] ?? null;
}

/** Whether a filter looks at the previous element of a sequence. */
export function joinsToPrevious(filter: Filter | null): boolean {
  if (filter === null) return false;
  if (filter.kind === 'and' || filter.kind === 'or') return joinsToPrevious(filter.left) || joinsToPrevious(filter.right);
  if (filter.kind === 'not') return joinsToPrevious(filter.operand);
  return filter.kind === 'compare' && filter.right.kind === 'previous';
}
