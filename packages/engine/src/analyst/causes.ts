import { languageSchema } from '@skyeye/catalogue';
import { assert } from '@skyeye/foundation';
import {
  chainOf,
  compareEvents,
  Compiler,
  entityTypeOf,
  printFormula,
  type Argument,
  type CallExpression,
  type Context,
  type Expression,
  type SequenceExpression,
  type StreamEvent,
  type Value,
} from '@skyeye/language';

/** A part of a formula at one evaluation: its value and the events that made it. */
export interface Cause {
  /** The part as the language prints it. */
  readonly part: string;
  readonly expression: Expression;
  readonly value: Value;
  /**
   * The events that count, in total order: those in the window that pass the filter; of a chain one that makes it true;
   * of a function on the money graph the account's own transfers in the window.
   */
  readonly events: readonly StreamEvent[];
}

const GRAPH_STREAMS: Readonly<Record<string, string>> = { shared_black: 'acct' };

/**
 * Why a formula has its value: each part that looks at events, at the current event or at an attribute, in the order of
 * the text, equal parts once. Cost: as evaluating it, and for a chain the events times those within a gap.
 */
export function causesOf(ast: Expression, context: Context): Cause[] {
  const causes = new Map<string, Cause>();
  const compiler = new Compiler(languageSchema);
  const add = (expression: Expression, at: Context, events: readonly StreamEvent[]): void => {
    const part = printFormula(expression);
    if (!causes.has(part)) causes.set(part, { part, expression, value: compiler.compile(expression)(at), events });
  };
  const visit = (node: Expression, at: Context): void => {
    switch (node.kind) {
      case 'and':
      case 'or':
      case 'compare':
      case 'arithmetic':
        visit(node.left, at);
        visit(node.right, at);
        return;
      case 'not':
      case 'negative':
        visit(node.operand, at);
        return;
      case 'current':
      case 'dimension':
        add(node, at, []);
        return;
      case 'sequence':
        add(node, at, sequenceEvents(node, at));
        return;
      case 'of': {
        visit(node.key, at);
        const key = compiler.compile(node.key)(at);
        const type = entityTypeOf(node.entityType);
        if (typeof key === 'string' && type !== undefined) visit(node.body, at.of(type, key));
        return;
      }
      case 'call': {
        const inner = node.args.filter((argument) => argument.kind === 'expression');
        for (const { expression } of inner) visit(expression, at);
        if (inner.length === 0) add(node, at, callEvents(node, at, compiler));
        return;
      }
      default:
    }
  };
  visit(ast, context);
  return [...causes.values()];
}

function sequenceEvents(node: SequenceExpression, context: Context): readonly StreamEvent[] {
  return chainOf(node, context) ?? [];
}

function callEvents(node: CallExpression, context: Context, compiler: Compiler): readonly StreamEvent[] {
  const window = node.args.find((argument): argument is Extract<Argument, { kind: 'window' }> => argument.kind === 'window');
  assert(window !== undefined, `${node.name} has no window`);
  const selectors = node.args.filter((argument) => argument.kind === 'selector');
  const [first] = selectors;
  if (first === undefined) {
    const stream = GRAPH_STREAMS[node.name] ?? 'fund';
    return compiler.selection({ kind: 'selector', stream, filter: null, field: null, at: 0 }, window.window)(context) ?? [];
  }
  const found = selectors.flatMap((selector) => compiler.selection(selector, window.window)(context) ?? []);
  const known = first.field === null ? found : found.filter((event) => (event[first.field ?? ''] ?? null) !== null);
  const ordered = [...new Set(known)].sort(compareEvents);
  return pickOf(node.name, ordered, first.field);
}

/** The events that an aggregate's value comes from: of an extreme only the event that has it. */
function pickOf(name: string, events: readonly StreamEvent[], field: string | null): readonly StreamEvent[] {
  if (name === 'since' || name === 'last') return events.slice(-1);
  if (name === 'first') return events.slice(0, 1);
  if ((name !== 'max' && name !== 'min') || field === null) return events;
  const better = (a: StreamEvent, b: StreamEvent): StreamEvent =>
    name === 'max' ? (Number(b[field]) > Number(a[field]) ? b : a) : Number(b[field]) < Number(a[field]) ? b : a;
  return events.length === 0 ? [] : [events.reduce(better)];
}
