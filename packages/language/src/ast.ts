/** The tree of a formula. `at` is the offset in the source, for messages only: two trees are the same formula without it. */
export type CompareOperator = '==' | '!=' | '>=' | '<=' | '>' | '<';
export type ArithmeticOperator = '+' | '-' | '*' | '/';

export type Expression =
  | NumberLiteral
  | { readonly kind: 'duration'; readonly ms: number; readonly at: number }
  | { readonly kind: 'fen'; readonly fen: number; readonly at: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: number }
  | { readonly kind: 'null'; readonly at: number }
  | { readonly kind: 'word'; readonly word: string; readonly at: number }
  | { readonly kind: 'current'; readonly field: string; readonly at: number }
  | { readonly kind: 'dimension'; readonly name: string; readonly at: number }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression; readonly at: number }
  | { readonly kind: 'not'; readonly operand: Expression; readonly at: number }
  | { readonly kind: 'negative'; readonly operand: Expression; readonly at: number }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | CallExpression
  | SequenceExpression
  | { readonly kind: 'of'; readonly entityType: string; readonly key: Expression; readonly body: Expression; readonly at: number };

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  /** Written without a decimal point. */
  readonly whole: boolean;
  readonly at: number;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Argument[];
  readonly at: number;
}

export interface SequenceExpression {
  readonly kind: 'sequence';
  readonly window: Window;
  readonly first: Selector;
  readonly next: readonly { readonly gapMs: number; readonly selector: Selector }[];
  readonly at: number;
}

export type Argument =
  | Selector
  | { readonly kind: 'window'; readonly window: Window; readonly at: number }
  | { readonly kind: 'gap'; readonly ms: number; readonly at: number }
  | { readonly kind: 'value'; readonly value: number; readonly whole: boolean; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly at: number };

export interface Selector {
  readonly kind: 'selector';
  readonly stream: string;
  readonly filter: Filter | null;
  /** The field an aggregate reads, or null where only the events count. */
  readonly field: string | null;
  /** Where the field stands. */
  readonly fieldAt?: number;
  readonly at: number;
}

/** All windows end at the as-of point T; the start is exclusive, the end inclusive. */
export type Window =
  | { readonly kind: 'last'; readonly ms: number }
  | { readonly kind: 'prior'; readonly ms: number }
  | { readonly kind: 'between'; readonly fromMs: number; readonly untilMs: number }
  | { readonly kind: 'workingDays'; readonly days: number }
  | { readonly kind: 'since'; readonly field: string };

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter; readonly at: number }
  | { readonly kind: 'not'; readonly operand: Filter; readonly at: number }
  | { readonly kind: 'truth'; readonly field: string; readonly at: number }
  | { readonly kind: 'member'; readonly field: string; readonly members: readonly (string | number | boolean)[]; readonly at: number }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly field: string;
      readonly right: FilterValue;
      readonly at: number;
    };

export type FilterValue =
  | { readonly kind: 'literal'; readonly value: string | number | boolean; readonly unit: 'plain' | 'fen' | 'ms'; readonly at: number }
  | { readonly kind: 'current' | 'previous'; readonly field: string; readonly at: number };

/** The tree with every `at` set to 0, so that two formulas can be compared by value. Cost: linear. */
export function withoutPositions<T>(node: T): T {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'at' ? 0 : key === 'fieldAt' ? undefined : value))) as T;
}

/** Calls `visit` for the formula and everything inside it, parents first. */
export function walk(expression: Expression, visit: (node: Expression | Selector | Filter | Window) => void): void {
  visit(expression);
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      walk(expression.left, visit);
      walk(expression.right, visit);
      return;
    case 'not':
    case 'negative':
      walk(expression.operand, visit);
      return;
    case 'of':
      walk(expression.key, visit);
      walk(expression.body, visit);
      return;
    case 'sequence':
      visit(expression.window);
      for (const selector of [expression.first, ...expression.next.map((step) => step.selector)]) walkSelector(selector, visit);
      return;
    case 'call':
      for (const argument of expression.args) {
        if (argument.kind === 'selector') walkSelector(argument, visit);
        else if (argument.kind === 'window') visit(argument.window);
        else if (argument.kind === 'expression') walk(argument.expression, visit);
      }
      return;
    default:
  }
}

function walkSelector(selector: Selector, visit: (node: Selector | Filter) => void): void {
  visit(selector);
  if (selector.filter !== null) walkFilter(selector.filter, visit);
}

function walkFilter(filter: Filter, visit: (node: Filter) => void): void {
  visit(filter);
  if (filter.kind === 'and' || filter.kind === 'or') {
    walkFilter(filter.left, visit);
    walkFilter(filter.right, visit);
  } else if (filter.kind === 'not') walkFilter(filter.operand, visit);
}
