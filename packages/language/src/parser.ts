import { nearestWord } from '@skyeye/foundation';
import type { Argument, ArithmeticOperator, CompareOperator, Expression } from './ast.ts';
import { FUNCTIONS } from './functions/index.ts';
import type { Parameter } from './functions/entry.ts';
import { LanguageError } from './language-error.ts';
import { LIMITS } from './limits.ts';
import { readSelector, readWindow } from './parser-selector.ts';
import { TokenReader } from './token-reader.ts';

const COMPARISONS: readonly string[] = ['>=', '<=', '>', '<', '==', '!='];
const SPECIAL = ['seq', 'of'] as const;

/**
 * Reads a formula. Names of streams, fields and dimensions are not looked at here: `checkFormula` does that.
 * Cost: linear in the length.
 * @throws LanguageError with the position, what was expected, and the nearest function name
 */
export function parseFormula(source: string): Expression {
  const { ast, errors } = readFormula(source);
  const [first] = errors;
  if (ast === null || first !== undefined) throw first ?? new LanguageError({ source, offset: 0, problem: 'this is no formula' });
  return ast;
}

/**
 * The same without throwing: the tree as far as it makes sense (null where reading had to stop) and every mistake seen.
 * Behind an unknown function reading goes on, and its call counts as null in the tree.
 */
export function readFormula(source: string): { readonly ast: Expression | null; readonly errors: readonly LanguageError[] } {
  let known: readonly LanguageError[] = [];
  try {
    const reader = new TokenReader(source);
    known = reader.errors;
    const ast = readOr(reader);
    if (reader.peek().kind !== 'end') throw reader.unexpected(['an operator', 'the end of the formula'], meant(reader));
    return { ast, errors: reader.errors };
  } catch (error) {
    if (error instanceof LanguageError) return { ast: null, errors: [...known, error] };
    throw error;
  }
}

/** Operators of other languages, and of filters, that people write in formulas. */
const MEANT: Readonly<Record<string, string>> = { '=': '==', '&': '&&', '|': '||', and: '&&', or: '||', AND: '&&', OR: '||' };

function meant(reader: TokenReader): string | undefined {
  const { text } = reader.peek();
  return Object.hasOwn(MEANT, text) ? MEANT[text] : undefined;
}

function readOr(reader: TokenReader): Expression {
  return reader.deeper(() => {
    let left = readAnd(reader);
    for (let at = reader.peek().at; reader.took('||'); at = reader.peek().at) left = { kind: 'or', left, right: readAnd(reader), at };
    return left;
  });
}

function readAnd(reader: TokenReader): Expression {
  let left = readComparison(reader);
  for (let at = reader.peek().at; reader.took('&&'); at = reader.peek().at) left = { kind: 'and', left, right: readComparison(reader), at };
  return left;
}

function readComparison(reader: TokenReader): Expression {
  const left = readSum(reader);
  const token = reader.peek();
  if (token.kind !== 'operator' || !COMPARISONS.includes(token.text)) return left;
  reader.next();
  return { kind: 'compare', operator: token.text as CompareOperator, left, right: readSum(reader), at: token.at };
}

function readSum(reader: TokenReader): Expression {
  let left = readProduct(reader);
  while (reader.isOperator('+') || reader.isOperator('-')) {
    const { text, at } = reader.next();
    left = { kind: 'arithmetic', operator: text as ArithmeticOperator, left, right: readProduct(reader), at };
  }
  return left;
}

function readProduct(reader: TokenReader): Expression {
  let left = readUnary(reader);
  while (reader.isOperator('*') || reader.isOperator('/')) {
    const { text, at } = reader.next();
    left = { kind: 'arithmetic', operator: text as ArithmeticOperator, left, right: readUnary(reader), at };
  }
  return left;
}

function readUnary(reader: TokenReader): Expression {
  const { at } = reader.peek();
  if (reader.took('!')) return { kind: 'not', operand: reader.deeper(() => readUnary(reader)), at };
  if (reader.took('-')) return { kind: 'negative', operand: reader.deeper(() => readUnary(reader)), at };
  return readPrimary(reader);
}

function readPrimary(reader: TokenReader): Expression {
  const token = reader.peek();
  if (token.kind === 'number') {
    reader.next();
    return { kind: 'number', value: token.value, whole: token.whole, at: token.at };
  }
  if (token.kind === 'duration') {
    reader.next();
    return { kind: 'duration', ms: token.value, at: token.at };
  }
  if (token.kind === 'fen') {
    reader.next();
    return { kind: 'fen', fen: token.value, at: token.at };
  }
  if (reader.took('(')) {
    const inner = readOr(reader);
    reader.expectOperator(')');
    return inner;
  }
  if (token.kind === 'name') return readNamed(reader);
  throw reader.unexpected(['a number', 'a function', 'cur.<field>', 'dim.<attribute>', '"("']);
}

function readNamed(reader: TokenReader): Expression {
  const { text, at } = reader.next();
  if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true', at };
  if (text === 'null') return { kind: 'null', at };
  if (text === 'cur' || text === 'dim') {
    reader.expectOperator('.');
    const name = reader.expectName(text === 'cur' ? 'a field of the current event' : 'an attribute').text;
    return text === 'cur' ? { kind: 'current', field: name, at } : { kind: 'dimension', name, at };
  }
  if (reader.isOperator('.'))
    throw reader.error({
      offset: at,
      problem: `"${text}" has no fields`,
      expected: ['cur.<field>', 'dim.<attribute>'],
      suggestion: nearestWord(text, ['cur', 'dim']),
    });
  if (!reader.isOperator('(')) return { kind: 'word', word: text, at };
  return reader.deeper(() => readCall(reader, text, at));
}

function readCall(reader: TokenReader, name: string, at: number): Expression {
  const entry = FUNCTIONS.get(name);
  if (entry === undefined && name !== 'seq' && name !== 'of') {
    reader.errors.push(
      reader.error({
        offset: at,
        problem: `there is no function "${name}"`,
        suggestion: nearestWord(name, [...FUNCTIONS.keys(), ...SPECIAL]),
      }),
    );
    if (!reader.skipBrackets()) throw reader.unexpected(['")"']);
    return { kind: 'null', at };
  }
  reader.expectOperator('(');
  if (name === 'seq') return readSequence(reader, at);
  if (name === 'of') {
    const entityType = reader.expectName('an entity type').text;
    reader.expectOperator('=');
    const key = readPrimary(reader);
    reader.expectOperator(',');
    const body = readOr(reader);
    reader.expectOperator(')');
    return { kind: 'of', entityType, key, body, at };
  }
  const parameters = entry?.parameters ?? [];
  const args = parameters.map((parameter, index) => {
    if (index > 0 && !reader.took(',')) throw reader.unexpected([`"," and ${PARAMETER_NAMES[parameter]} of ${name}()`]);
    return readArgument(reader, parameter);
  });
  if (!reader.took(')')) throw reader.unexpected([`")" after the ${parameters.length} arguments of ${name}()`]);
  return { kind: 'call', name, args, at };
}

const PARAMETER_NAMES: Readonly<Record<Parameter, string>> = {
  events: 'a stream',
  values: 'a stream with a field',
  window: 'a window such as 24h, 90d-, 31d~1d, 5wd or @cur.start_t',
  gap: 'a duration',
  number: 'a number',
  name: 'a name',
  expression: 'an expression',
};

function readArgument(reader: TokenReader, parameter: Parameter): Argument {
  const token = reader.peek();
  switch (parameter) {
    case 'events':
    case 'values': {
      const selector = readSelector(reader);
      if (parameter === 'values' && selector.field === null) {
        throw reader.unexpected([`"." and the field of ${selector.stream} to read`]);
      }
      return selector;
    }
    case 'window':
      return { kind: 'window', window: readWindow(reader), at: token.at };
    case 'gap':
      return { kind: 'gap', ms: readDuration(reader), at: token.at };
    case 'number':
      if (token.kind !== 'number') throw reader.unexpected([PARAMETER_NAMES.number]);
      reader.next();
      return { kind: 'value', value: token.value, whole: token.whole, at: token.at };
    case 'name':
      return { kind: 'name', name: reader.expectName('a name').text, at: token.at };
    case 'expression':
      return { kind: 'expression', expression: readOr(reader), at: token.at };
  }
}

function readDuration(reader: TokenReader): number {
  const token = reader.peek();
  if (token.kind !== 'duration') throw reader.unexpected([PARAMETER_NAMES.gap]);
  reader.next();
  return token.value;
}

function readSequence(reader: TokenReader, at: number): Expression {
  const window = readWindow(reader);
  reader.expectOperator(',');
  const first = readSelector(reader);
  const next: { gapMs: number; selector: ReturnType<typeof readSelector> }[] = [];
  while (reader.took(',')) {
    const gapMs = readDuration(reader);
    reader.expectOperator(',');
    if (next.length + 2 > LIMITS.sequenceElements) {
      throw reader.error({
        offset: reader.peek().at,
        problem: `a sequence longer than the limit sequenceElements of ${LIMITS.sequenceElements}`,
      });
    }
    next.push({ gapMs, selector: readSelector(reader) });
  }
  if (next.length === 0) throw reader.unexpected(['", <gap>, <stream>": a sequence has two elements or more']);
  reader.expectOperator(')');
  return { kind: 'sequence', window, first, next, at };
}
