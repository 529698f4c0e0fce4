import { walk, type Expression, type Window } from './ast.ts';

/** What a formula looks at; for indexing, state sizing and the studio. */
export interface Needs {
  readonly streams: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly dims: ReadonlySet<string>;
  /** Fields of the current event. */
  readonly currentFields: ReadonlySet<string>;
  /** How far back an event can matter, ms; working-day windows counted with three calendar days per day and a fortnight. */
  readonly lookbackMs: number;
  /** Reads events of other keys than its own. */
  readonly crossKey: boolean;
}

const DAY_MS = 86_400_000;
const CROSS_KEY = new Set(['hops_black', 'hops_victim', 'taint', 'depth', 'scatter_gather', 'cycle', 'copayee', 'shared_black']);
const LOTS = new Set(['fifo_share', 'fifo_med']);

/** Cost: linear in the formula. */
export function needsOf(ast: Expression): Needs {
  const needs = {
    streams: new Set<string>(),
    functions: new Set<string>(),
    dims: new Set<string>(),
    currentFields: new Set<string>(),
    lookbackMs: 0,
    crossKey: false,
  };
  const reach = (ms: number): void => {
    needs.lookbackMs = Math.max(needs.lookbackMs, ms);
  };
  walk(ast, (node) => {
    switch (node.kind) {
      case 'selector':
        needs.streams.add(node.stream);
        return;
      case 'dimension':
        needs.dims.add(node.name);
        return;
      case 'current':
        needs.currentFields.add(node.field);
        return;
      case 'compare':
        if ('field' in node && node.right.kind === 'current') needs.currentFields.add(node.right.field);
        return;
      case 'of':
        needs.functions.add('of');
        needs.crossKey = true;
        return;
      case 'sequence':
        needs.functions.add('seq');
        reach(windowMs(node.window, DAY_MS) + node.next.reduce((sum, step) => sum + step.gapMs, 0));
        return;
      case 'call':
        needs.functions.add(node.name);
        if (CROSS_KEY.has(node.name)) needs.crossKey = true;
        for (const stream of impliedStreams(node.name)) needs.streams.add(stream);
        for (const argument of node.args) if (argument.kind === 'window') reach(windowMs(argument.window, DAY_MS));
        return;
      case 'since':
        needs.currentFields.add(node.field);
        return;
      default:
    }
  });
  return needs;
}

/** Streams that a function reads without naming them. */
export function impliedStreams(name: string): readonly string[] {
  if (name === 'shared_black') return ['acct'];
  if (LOTS.has(name)) return ['fund', 'cash'];
  return CROSS_KEY.has(name) ? ['fund'] : [];
}

/**
 * How far back a window may begin, ms; working days with weekends and holidays between them.
 * @param sinceMs of a window that begins at a field of the current event, which may be any time
 */
export function windowMs(window: Window, sinceMs: number): number {
  switch (window.kind) {
    case 'last':
    case 'prior':
      return window.ms;
    case 'between':
      return window.fromMs;
    case 'workingDays':
      return (window.days * 3 + 14) * DAY_MS;
    case 'since':
      return sinceMs;
  }
}
