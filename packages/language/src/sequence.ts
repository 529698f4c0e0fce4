import type { Selector, SequenceExpression } from './ast.ts';
import type { Context } from './context.ts';
import { compareEvents, firstAfter, firstBehind, type StreamEvent } from './event.ts';
import type { Evaluate } from './functions/entry.ts';
import { boundsOf, compileFilter, joinsToPrevious, rangeOf, type Predicate } from './selection.ts';

interface Step {
  readonly stream: string;
  readonly predicate: Predicate | null;
  /** The filter compares with the element before. */
  readonly joins: boolean;
  /** Longest time since the element before. */
  readonly gapMs: number;
}

/**
 * A strictly increasing chain in total order, each gap at most its bound, the last element inside the window; earlier
 * ones may be older. Instead of trying all chains it keeps, per step, the events that end some chain so far: linear in
 * the events for a step without `prev`, events × events within the gap for one with it.
 */
export function compileSequence(node: SequenceExpression, gated: ReadonlySet<string>): Evaluate {
  const steps = [{ gapMs: 0, selector: node.first }, ...node.next].map(({ gapMs, selector }) => compileStep(selector, gapMs));
  const streams = [...new Set(steps.map((step) => step.stream))].filter((stream) => gated.has(stream));
  const last = steps.at(-1);
  return (context) => {
    const bounds = boundsOf(node.window, context);
    if (bounds === null || last === undefined) return null;
    if (streams.some((stream) => !context.world.coverage(context.entityType, context.key, stream))) return null;
    const ends = context.entity.of(last.stream);
    const [from, to] = rangeOf(ends, bounds, context);
    const candidates = ends.slice(from, to).filter((event) => last.joins || matches(last, event, context, undefined));
    const [earliest] = candidates;
    return earliest !== undefined && isReached(steps, candidates, earliest.t, context);
  };
}

/**
 * One chain that makes a sequence true, its last element the latest possible and every other as late as it can be; null when
 * there is none. For explanations: cost is events × events within a gap for every step.
 */
export function chainOf(node: SequenceExpression, context: Context): readonly StreamEvent[] | null {
  const steps = [{ gapMs: 0, selector: node.first }, ...node.next].map(({ gapMs, selector }) => compileStep(selector, gapMs));
  const bounds = boundsOf(node.window, context);
  if (bounds === null) return null;
  let chains: readonly (readonly StreamEvent[])[] = [];
  for (const [index, step] of steps.entries()) {
    const events = context.entity.of(step.stream);
    const [from, to] = index === steps.length - 1 ? rangeOf(events, bounds, context) : [0, firstBehind(events, context, true)];
    const next: (readonly StreamEvent[])[] = [];
    for (const event of events.slice(from, to)) {
      if (index === 0) {
        if (matches(step, event, context, undefined)) next.push([event]);
        continue;
      }
      const before = chains.findLast((chain) => {
        const last = chain.at(-1) as StreamEvent;
        return compareEvents(last, event) < 0 && event.t - last.t <= step.gapMs && matches(step, event, context, last);
      });
      if (before !== undefined) next.push([...before, event]);
    }
    chains = next;
  }
  return chains.at(-1) ?? null;
}

function compileStep(selector: Selector, gapMs: number): Step {
  const predicate = selector.filter === null ? null : compileFilter(selector.filter);
  return { stream: selector.stream, predicate, joins: joinsToPrevious(selector.filter), gapMs };
}

function matches(step: Step, event: StreamEvent, context: Context, previous: StreamEvent | undefined): boolean {
  return step.predicate === null || step.predicate(event, context, previous) === true;
}

function isReached(steps: readonly Step[], candidates: readonly StreamEvent[], earliestMs: number, context: Context): boolean {
  const startsMs: number[] = [];
  let reachesBack = earliestMs;
  for (let index = steps.length - 1; index > 0; index--) {
    reachesBack -= steps[index]?.gapMs ?? 0;
    startsMs[index - 1] = reachesBack;
  }
  let ending: readonly StreamEvent[] = [];
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const events = isLast ? candidates : between(context.entity.of(step.stream), startsMs[index] ?? 0, context);
    ending = index === 0 ? events.filter((event) => matches(step, event, context, undefined)) : extended(ending, events, step, context);
    if (ending.length === 0) return false;
  }
  return true;
}

/** Events from `fromMs` on, inclusive, up to the as-of point. */
function between(events: readonly StreamEvent[], fromMs: number, context: Context): readonly StreamEvent[] {
  return events.slice(firstAfter(events, fromMs - 1), firstBehind(events, context, true));
}

/** Those of `events` that follow an event of `ending` within the step's gap. */
function extended(ending: readonly StreamEvent[], events: readonly StreamEvent[], step: Step, context: Context): StreamEvent[] {
  const found: StreamEvent[] = [];
  let before = 0; // how many of `ending` lie strictly before the event
  for (const event of events) {
    while (before < ending.length && compareEvents(ending[before] as StreamEvent, event) < 0) before += 1;
    const nearest = ending[before - 1];
    if (nearest === undefined || event.t - nearest.t > step.gapMs) continue;
    if (step.joins ? someJoins(ending, before, event, step, context) : matches(step, event, context, undefined)) found.push(event);
  }
  return found;
}

function someJoins(ending: readonly StreamEvent[], before: number, event: StreamEvent, step: Step, context: Context): boolean {
  for (let index = before - 1; index >= 0; index--) {
    const previous = ending[index] as StreamEvent;
    if (event.t - previous.t > step.gapMs) return false;
    if (matches(step, event, context, previous)) return true;
  }
  return false;
}
