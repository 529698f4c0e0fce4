import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutPositions, type Argument, type Expression, type Filter, type FilterValue, type Selector, type Window } from './ast.ts';
import { FUNCTIONS } from './functions/index.ts';
import { LanguageError } from './language-error.ts';
import { parseFormula } from './parser.ts';
import { printFormula } from './printer.ts';

const at = 0;
const name = fc.constantFrom('call', 'amt', 'x_1', 'dir', 'peer', 'np180');
const durationMs = fc.oneof(fc.nat(100_000), fc.constantFrom(1000, 60_000, 3_600_000, 86_400_000, 1500));
const whole = fc.nat(1_000_000);
const decimal = fc.nat(100_000).map((n) => n / 1000);
const window: fc.Arbitrary<Window> = fc.oneof(
  durationMs.map((ms): Window => ({ kind: 'last', ms })),
  durationMs.map((ms): Window => ({ kind: 'prior', ms })),
  durationMs.map((ms): Window => ({ kind: 'between', fromMs: ms + 5, untilMs: ms })),
  fc.integer({ min: 1, max: 200 }).map((days): Window => ({ kind: 'workingDays', days })),
  name.map((field): Window => ({ kind: 'since', field })),
);
const filterValue: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.constantFrom('current', 'previous').chain((kind) => name.map((field): FilterValue => ({ kind: kind as 'current', field, at }))),
  fc.oneof(whole, decimal).map((value): FilterValue => ({ kind: 'literal', value, unit: 'plain', at })),
  whole.map((value): FilterValue => ({ kind: 'literal', value, unit: 'fen', at })),
  durationMs.map((value): FilterValue => ({ kind: 'literal', value, unit: 'ms', at })),
  fc.oneof(name, fc.boolean()).map((value): FilterValue => ({ kind: 'literal', value, unit: 'plain', at })),
);
const operator = fc.constantFrom('==', '!=', '>=', '<=', '>', '<') as fc.Arbitrary<'=='>;
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    name.map((field): Filter => ({ kind: 'truth', field, at })),
    fc.tuple(name, operator, filterValue).map(([field, op, right]): Filter => ({ kind: 'compare', operator: op, field, right, at })),
    fc
      .tuple(name, fc.array(fc.oneof(name, whole, decimal, fc.boolean()), { minLength: 1, maxLength: 4 }))
      .map(([field, members]): Filter => ({ kind: 'member', field, members, at })),
    tie('filter').map((operand): Filter => ({ kind: 'not', operand, at })),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('filter'), tie('filter'))
      .map(([kind, left, right]): Filter => ({ kind: kind as 'and', left, right, at })),
  ),
}));
const selector = (field: fc.Arbitrary<string | null>): fc.Arbitrary<Selector> =>
  fc.record({ kind: fc.constant('selector' as const), stream: name, filter: fc.option(filter), field, at: fc.constant(at) });
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    whole.map((value): Expression => ({ kind: 'number', value, whole: true, at })),
    decimal.map((value): Expression => ({ kind: 'number', value, whole: false, at })),
    durationMs.map((ms): Expression => ({ kind: 'duration', ms, at })),
    whole.map((fen): Expression => ({ kind: 'fen', fen, at })),
    fc.boolean().map((value): Expression => ({ kind: 'boolean', value, at })),
    fc.constant<Expression>({ kind: 'null', at }),
    name.map((word): Expression => ({ kind: 'word', word, at })),
    name.map((field): Expression => ({ kind: 'current', field, at })),
    name.map((dim): Expression => ({ kind: 'dimension', name: dim, at })),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('expression'), tie('expression'))
      .map(([kind, left, right]): Expression => ({ kind: kind as 'and', left, right, at })),
    fc
      .tuple(fc.constantFrom('not', 'negative'), tie('expression'))
      .map(([kind, operand]): Expression => ({ kind: kind as 'not', operand, at })),
    fc
      .tuple(operator, tie('expression'), tie('expression'))
      .map(([op, left, right]): Expression => ({ kind: 'compare', operator: op, left, right, at })),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/'), tie('expression'), tie('expression'))
      .map(([op, left, right]): Expression => ({ kind: 'arithmetic', operator: op as '+', left, right, at })),
    fc.tuple(tie('expression'), tie('expression')).map(([key, body]): Expression => ({ kind: 'of', entityType: 'acct', key, body, at })),
    fc
      .tuple(
        window,
        selector(fc.constant(null)),
        fc.array(fc.record({ gapMs: durationMs, selector: selector(fc.option(name)) }), { minLength: 1, maxLength: 3 }),
      )
      .map(([w, first, next]): Expression => ({ kind: 'sequence', window: w, first, next, at })),
    fc
      .constantFrom(...FUNCTIONS.values())
      .chain((entry) =>
        fc
          .tuple(...entry.parameters.map((parameter) => argument(parameter, tie('expression'))))
          .map((args): Expression => ({ kind: 'call', name: entry.name, args, at })),
      ),
  ),
}));

function argument(parameter: string, inner: fc.Arbitrary<Expression>): fc.Arbitrary<Argument> {
  switch (parameter) {
    case 'events':
      return selector(fc.option(name));
    case 'values':
      return selector(name);
    case 'window':
      return window.map((w): Argument => ({ kind: 'window', window: w, at }));
    case 'gap':
      return durationMs.map((ms): Argument => ({ kind: 'gap', ms, at }));
    case 'number':
      return whole.map((value): Argument => ({ kind: 'value', value, whole: true, at }));
    case 'name':
      return name.map((text): Argument => ({ kind: 'name', name: text, at }));
    default:
      return inner.map((e): Argument => ({ kind: 'expression', expression: e, at }));
  }
}

test('parsing what was printed gives the same formula, and printing is stable', () => {
  fc.assert(
    fc.property(expression, (formula) => {
      const text = printFormula(formula);
      const again = withoutPositions(parseFormula(text));
      expect(again).toEqual(formula);
      expect(printFormula(again)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('whatever the text, it is read or refused with a position inside it', () => {
  const fragment = fc.constantFrom(
    'count',
    '(',
    ')',
    'call',
    '[',
    ']',
    ',',
    '1h',
    '5y',
    '~',
    '-',
    '@',
    'cur',
    '.',
    'dim',
    '&&',
    '|',
    '!',
    'seq',
    'of',
    '=',
    'in',
    '{',
    '}',
    '\u{1F600}',
    '"',
    ' ',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(' ')),
      ),
      (source) => {
        try {
          parseFormula(source);
        } catch (error) {
          if (!(error instanceof LanguageError)) throw error;
          expect(error.position.offset).toBeGreaterThanOrEqual(0);
          expect(error.position.offset).toBeLessThanOrEqual(source.length);
        }
      },
    ),
    { numRuns: 500 },
  );
});
