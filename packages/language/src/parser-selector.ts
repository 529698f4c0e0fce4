import type { CompareOperator, Filter, FilterValue, Selector, Window } from './ast.ts';
import { LIMITS } from './limits.ts';
import type { TokenReader } from './token-reader.ts';

const FILTER_COMPARISONS: readonly string[] = ['=', '==', '!=', '>=', '<=', '>', '<'];

/** `24h` · `90d-` · `31d~1d` · `5wd` · `@cur.start_t` */
export function readWindow(reader: TokenReader): Window {
  if (reader.took('@')) {
    const word = reader.expectName('"cur"');
    if (word.text !== 'cur')
      throw reader.error({ offset: word.at, problem: `a window cannot begin at "${word.text}"`, expected: ['"cur"'] });
    reader.expectOperator('.');
    return { kind: 'since', field: reader.expectName('a time field of the current event').text };
  }
  const token = reader.peek();
  if (token.kind === 'workingDays') {
    reader.next();
    return { kind: 'workingDays', days: token.value };
  }
  if (token.kind !== 'duration') throw reader.unexpected(['a window such as 24h, 90d-, 31d~1d, 5wd or @cur.start_t']);
  reader.next();
  if (reader.took('~')) {
    const until = reader.peek();
    if (until.kind !== 'duration') throw reader.unexpected(['the nearer end of the window, a duration']);
    reader.next();
    if (until.value >= token.value) {
      throw reader.error({
        offset: until.at,
        problem: `the window ${token.text}~${until.text} is empty: its second bound must be the nearer one`,
      });
    }
    return { kind: 'between', fromMs: token.value, untilMs: until.value };
  }
  if (reader.isOperator('-') && (reader.isOperator(')', 1) || reader.isOperator(',', 1))) {
    reader.next();
    return { kind: 'prior', ms: token.value };
  }
  return { kind: 'last', ms: token.value };
}

/** `fund[dir=out & live].amt` */
export function readSelector(reader: TokenReader): Selector {
  const { text: stream, at } = reader.expectName('a stream');
  let filter: Filter | null = null;
  if (reader.took('[')) {
    filter = readFilterOr(reader);
    if (!reader.took(']')) throw reader.unexpected(['"&"', '"|"', '"]"'], meant(reader));
  }
  if (!reader.took('.')) return { kind: 'selector', stream, filter, field: null, at };
  const field = reader.expectName(`a field of ${stream}`);
  return { kind: 'selector', stream, filter, field: field.text, fieldAt: field.at, at };
}

/** In a filter `&` and `|` are single. */
const MEANT: Readonly<Record<string, string>> = { '&&': '&', '||': '|', and: '&', or: '|', ',': '&' };

function meant(reader: TokenReader): string | undefined {
  const { text } = reader.peek();
  return Object.hasOwn(MEANT, text) ? MEANT[text] : undefined;
}

function readFilterOr(reader: TokenReader): Filter {
  return reader.deeper(() => {
    let left = readFilterAnd(reader);
    for (let at = reader.peek().at; reader.took('|'); at = reader.peek().at) left = { kind: 'or', left, right: readFilterAnd(reader), at };
    return left;
  });
}

function readFilterAnd(reader: TokenReader): Filter {
  let left = readFilterUnary(reader);
  for (let at = reader.peek().at; reader.took('&'); at = reader.peek().at) left = { kind: 'and', left, right: readFilterUnary(reader), at };
  return left;
}

function readFilterUnary(reader: TokenReader): Filter {
  const { at } = reader.peek();
  if (reader.took('!')) return { kind: 'not', operand: reader.deeper(() => readFilterUnary(reader)), at };
  if (reader.took('(')) {
    const inner = readFilterOr(reader);
    reader.expectOperator(')');
    return inner;
  }
  const field = reader.expectName('a field').text;
  if (reader.isName('in')) {
    reader.next();
    return { kind: 'member', field, members: readMembers(reader), at };
  }
  const token = reader.peek();
  if (token.kind !== 'operator' || !FILTER_COMPARISONS.includes(token.text)) return { kind: 'truth', field, at };
  reader.next();
  const operator = (token.text === '=' ? '==' : token.text) as CompareOperator;
  return { kind: 'compare', operator, field, right: readFilterValue(reader), at };
}

function readMembers(reader: TokenReader): (string | number | boolean)[] {
  reader.expectOperator('{');
  const members: (string | number | boolean)[] = [];
  do {
    const value = readFilterValue(reader);
    if (value.kind !== 'literal') throw reader.error({ offset: value.at, problem: 'a set holds literal values only' });
    members.push(value.value);
    if (members.length > LIMITS.setMembers)
      throw reader.error({ offset: value.at, problem: `a set over the limit setMembers of ${LIMITS.setMembers}` });
  } while (reader.took(','));
  if (!reader.took('}')) throw reader.unexpected(['","', '"}"']);
  return members;
}

function readFilterValue(reader: TokenReader): FilterValue {
  const token = reader.peek();
  const { at } = token;
  if (token.kind === 'number' || token.kind === 'fen' || token.kind === 'duration') {
    reader.next();
    const unit = token.kind === 'number' ? 'plain' : token.kind === 'fen' ? 'fen' : 'ms';
    return { kind: 'literal', value: token.value, unit, at };
  }
  const word = reader.expectName('a value');
  if ((word.text === 'cur' || word.text === 'prev') && reader.took('.')) {
    return { kind: word.text === 'cur' ? 'current' : 'previous', field: reader.expectName('a field').text, at };
  }
  const value = word.text === 'true' ? true : word.text === 'false' ? false : word.text;
  return { kind: 'literal', value, unit: 'plain', at };
}
