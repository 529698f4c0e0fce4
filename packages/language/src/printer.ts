import type { Argument, Expression, Filter, FilterValue, Selector, Window } from './ast.ts';

/**
 * The canonical text of a formula: `parseFormula(printFormula(f))` is f again. Durations take the largest unit that
 * divides them, brackets appear only where the grammar needs them.
 */
export function printFormula(expression: Expression): string {
  return print(expression, 0);
}

/** How tightly each form binds; an operand that binds less gets brackets. */
const BINDING = { or: 1, and: 2, compare: 3, sum: 4, product: 5, unary: 6, primary: 7 } as const;

function binding(expression: Expression): number {
  if (expression.kind === 'or') return BINDING.or;
  if (expression.kind === 'and') return BINDING.and;
  if (expression.kind === 'compare') return BINDING.compare;
  if (expression.kind === 'arithmetic') return expression.operator === '+' || expression.operator === '-' ? BINDING.sum : BINDING.product;
  if (expression.kind === 'not' || expression.kind === 'negative') return BINDING.unary;
  return BINDING.primary;
}

function print(expression: Expression, atLeast: number): string {
  const own = binding(expression);
  const text = printBare(expression, own);
  return own < atLeast ? `(${text})` : text;
}

function printBare(expression: Expression, own: number): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value, expression.whole);
    case 'duration':
      return printDuration(expression.ms);
    case 'fen':
      return `${printNumber(expression.fen / 100, expression.fen % 100 === 0)}y`;
    case 'boolean':
      return String(expression.value);
    case 'null':
      return 'null';
    case 'word':
      return expression.word;
    case 'current':
      return `cur.${expression.field}`;
    case 'dimension':
      return `dim.${expression.name}`;
    case 'or':
      return `${print(expression.left, own)} || ${print(expression.right, own + 1)}`;
    case 'and':
      return `${print(expression.left, own)} && ${print(expression.right, own + 1)}`;
    case 'compare':
      return `${print(expression.left, own + 1)} ${expression.operator} ${print(expression.right, own + 1)}`;
    case 'arithmetic':
      return `${print(expression.left, own)} ${expression.operator} ${print(expression.right, own + 1)}`;
    case 'not':
      return `!${print(expression.operand, own)}`;
    case 'negative':
      return `-${print(expression.operand, own)}`;
    case 'of':
      return `of(${expression.entityType}=${print(expression.key, BINDING.primary)}, ${print(expression.body, 0)})`;
    case 'sequence': {
      const rest = expression.next.map(({ gapMs, selector }) => `, ${printDuration(gapMs)}, ${printSelector(selector)}`);
      return `seq(${printWindow(expression.window)}, ${printSelector(expression.first)}${rest.join('')})`;
    }
    case 'call':
      return `${expression.name}(${expression.args.map(printArgument).join(', ')})`;
  }
}

function printArgument(argument: Argument): string {
  switch (argument.kind) {
    case 'selector':
      return printSelector(argument);
    case 'window':
      return printWindow(argument.window);
    case 'gap':
      return printDuration(argument.ms);
    case 'value':
      return printNumber(argument.value, argument.whole);
    case 'name':
      return argument.name;
    case 'expression':
      return print(argument.expression, 0);
  }
}

export function printWindow(window: Window): string {
  switch (window.kind) {
    case 'last':
      return printDuration(window.ms);
    case 'prior':
      return `${printDuration(window.ms)}-`;
    case 'between':
      return `${printDuration(window.fromMs)}~${printDuration(window.untilMs)}`;
    case 'workingDays':
      return `${window.days}wd`;
    case 'since':
      return `@cur.${window.field}`;
  }
}

export function printSelector({ stream, filter, field }: Selector): string {
  return `${stream}${filter === null ? '' : `[${printFilter(filter, 0)}]`}${field === null ? '' : `.${field}`}`;
}

export function printFilter(filter: Filter, atLeast = 0): string {
  const own = filter.kind === 'or' ? 1 : filter.kind === 'and' ? 2 : 3;
  const text = printFilterBare(filter, own);
  return own < atLeast ? `(${text})` : text;
}

function printFilterBare(filter: Filter, own: number): string {
  switch (filter.kind) {
    case 'or':
      return `${printFilter(filter.left, own)} | ${printFilter(filter.right, own + 1)}`;
    case 'and':
      return `${printFilter(filter.left, own)} & ${printFilter(filter.right, own + 1)}`;
    case 'not':
      return `!${printFilter(filter.operand, 3)}`;
    case 'truth':
      return filter.field;
    case 'member':
      return `${filter.field} in {${filter.members.map((member) => printLiteral(member)).join(', ')}}`;
    case 'compare':
      return `${filter.field}${filter.operator === '==' ? '=' : filter.operator}${printFilterValue(filter.right)}`;
  }
}

function printFilterValue(value: FilterValue): string {
  if (value.kind !== 'literal') return `${value.kind === 'current' ? 'cur' : 'prev'}.${value.field}`;
  if (typeof value.value !== 'number') return String(value.value);
  if (value.unit === 'fen') return `${printNumber(value.value / 100, value.value % 100 === 0)}y`;
  if (value.unit === 'ms') return printDuration(value.value);
  return printLiteral(value.value);
}

function printLiteral(value: string | number | boolean): string {
  return typeof value === 'number' ? printNumber(value, Number.isInteger(value)) : String(value);
}

/** Digits without an exponent, because the grammar has none. */
function printNumber(value: number, whole: boolean): string {
  if (whole) return String(value);
  const text = String(value);
  if (text.includes('e')) return value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '.0');
  return text.includes('.') ? text : `${text}.0`;
}

function printDuration(ms: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms > 0 && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${printNumber(ms, Number.isInteger(ms))}ms`;
}
