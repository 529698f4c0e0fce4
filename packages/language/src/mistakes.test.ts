import { expect, test } from 'vitest';
import { checkFormula, diagnoseFormula } from './checker.ts';
import { formatError, LanguageError, underline } from './language-error.ts';
import { parseFire } from './fire.ts';
import { parseFormula } from './parser.ts';
import { SCHEMA } from './testing/fixtures.ts';

function mistakeIn(source: string): LanguageError {
  try {
    checkFormula(parseFormula(source), { schema: SCHEMA, source, triggers: ['fund', 'call'] });
  } catch (error) {
    if (error instanceof LanguageError) return error;
    throw error;
  }
  throw new Error(`accepted: ${source}`);
}

test('functions over the money graph are of accounts', () => {
  const errorsOf = (source: string, keyType: string): readonly string[] =>
    diagnoseFormula(source, { schema: SCHEMA, triggers: ['fund'], keyType }).errors.map(({ message }) => message);
  expect(errorsOf('count(fund, 1h) + hops_black(3, 1h)', 'person')).toEqual([
    expect.stringContaining(
      'hops_black() follows money between accounts, and the key is of kind "person"; write of(acct=…, hops_black(…))',
    ),
  ]);
  expect(errorsOf('taint(3, 1h)', 'pair_aa')).toHaveLength(1);
  expect(errorsOf('hops_black(3, 1h)', 'acct')).toEqual([]);
  expect(errorsOf('of(acct=cur.peer, hops_black(3, 1h))', 'person')).toEqual([]);
  expect(errorsOf('of(device=cur.device, taint(3, 1h))', 'acct')).toHaveLength(1);
});

test.each([
  ['cuont(call, 1h)', 0, 'did you mean "count"?'],
  ['count(cal, 1h)', 6, 'did you mean "call"?'],
  ['count(call[awnsered], 1h)', 11, 'did you mean "answered"?'],
  ['count(call[cli_kind=mobil], 1h)', 20, 'did you mean "mobile"?'],
  ['count(call[cli_kind in {intl, hmtt}], 1h)', 11, 'did you mean "hmt"?'],
  ['dim.aeg >= 60', 0, 'did you mean "age"?'],
  ['dim.occ == finanse', 8, 'did you mean "finance"?'],
  ['cur.amtt >= 1', 0, 'did you mean "amt"?'],
  ['sum(fund.amt, 1h) + sum(call.dur_s, 1h)', 18, 'a number in fen + a number in s'],
  ['sum(fund.amt, 1h) >= 5m', 18, 'cannot be compared'],
  ['sum(call.answered, 1h)', 0, 'sum() cannot take'],
  ['max(call.peer, 1h)', 0, 'max() cannot take'],
  ['exists(call, 1h) + 1', 0, 'b2i'],
  ['count(call, 1h) && true', 0, 'true or false is needed'],
  ['if(count(call, 1h), 1, 2)', 3, 'condition of if()'],
  ['count(call[peer=prev.peer], 1h)', 16, 'prev is the previous element'],
  ['count(call, 1h~2h)', 15, 'is empty'],
  ['count(call, @cur.amt)', 12, 'begins at a time'],
  ['count(call, 1h', 14, 'the formula ends here; expected ")"'],
  ['count(call 1h)', 11, 'expected "," and a window'],
  ['max(call, 1h)', 8, 'the field of call to read'],
  ['count(call, 10x)', 12, 'is not a number'],
  ['count(call, 1h) # 2', 16, 'has no meaning'],
  ['seq(1h, call)', 12, 'two elements or more'],
  ['open(call, rctl, sid, 1h)', 17, 'no field "sid" in stream call'],
  ['hops_black(3, 1h-)', 14, 'plain window'],
  ['hops_black(99, 1h)', 11, 'limit hops'],
  ['shared_black(cell, 1h)', 13, 'neither device nor ip'],
  ['of(akct=cur.peer, count(fund, 1h))', 0, 'did you mean "acct"?'],
  ['0.005y > 1y', 0, 'whole number of fen'],
  ['count(call, 4000d)', 12, 'limit windowMs'],
  ['count(call, 999wd)', 12, 'limit workingDays'],
  ['', 0, 'the formula ends here'],
  ['hello', 0, 'no value by itself'],
  ['dim.__proto__ == 1', 0, 'there is no attribute'],
  ['count(constructor, 1h)', 6, 'there is no stream'],
  ['count(call[toString], 1h)', 11, 'no field'],
  ['valueOf(call, 1h)', 0, 'there is no function'],
] as const)('%s is refused at %i: %s', (source, offset, words) => {
  const error = mistakeIn(source);
  expect(error.message).toContain(words);
  expect(error.position.offset).toBe(offset);
});

test.each([
  ['(((((((((((((((((((((((((((1)))))))))))))))))))))))))))', 'limit depth'],
  ['!'.repeat(500), 'limit depth'],
  ['-'.repeat(3000), 'limit depth'],
  [`count(call[${'('.repeat(300)}answered], 1h)`, 'limit depth'],
  ['b2i('.repeat(300), 'limit depth'],
  [`1${'+1'.repeat(5000)}`, 'limit formulaCharacters'],
  [`seq(1h, call${', 1h, call'.repeat(20)})`, 'limit sequenceElements'],
  [`count(call[dur_s in {${Array.from({ length: 200 }, (_, i) => i).join(',')}}], 1h)`, 'limit setMembers'],
  ['9'.repeat(400), 'too large'],
] as const)('a hostile formula is refused by a named limit: %#', (source, words) => {
  expect(mistakeIn(source).message).toContain(words);
});

test('a long chain of operators within the limit is read without deep recursion trouble', () => {
  const source = `1${'+1'.repeat(1900)}`;
  expect(checkFormula(parseFormula(source), { schema: SCHEMA, source })).toMatchObject({ kind: 'number' });
});

test('an error is shown with its line and a caret', () => {
  const source = 'count(call, 1h)\n  + cuont(call, 1h)';
  const shown = formatError(source, mistakeIn(source)).split('\n');
  expect(shown[0]).toContain('line 2, column 5');
  expect(shown[1]).toBe('    + cuont(call, 1h)');
  expect(shown[2]?.indexOf('^')).toBe(shown[1]?.indexOf('cuont'));
});

test.each(['', '600', '>=', '>=x', '!=3', '>true', 'in[1]', 'in[a,b]', '>=1e999'])('the fire condition "%s" is refused', (source) => {
  expect(() => parseFire(source)).toThrow(LanguageError);
});

test('fire conditions compare in fen and include both ends of a range', () => {
  expect(parseFire('>= 20000y')(2_000_000)).toBe(true);
  expect(parseFire('>=20000y')(1_999_999)).toBe(false);
  expect([0.9, 1.1, 1.11].map((value) => parseFire('in[0.9,1.1]')(value))).toEqual([true, true, false]);
  expect(parseFire('==true')(true)).toBe(true);
  expect(parseFire('<=17')(false)).toBe(true);
});

test('several mistakes are reported together, in the order of the text', () => {
  const source = 'cuont(call, 1h) + sum(fund[amtt>=5y & peer_kind=corpp].amt, 1h) + count(cal, 1h) + sum(fund.amt, 1h) * dim.aeg';
  const { errors, type } = diagnoseFormula(source, { schema: SCHEMA });
  expect(errors.map((error) => error.suggestion)).toEqual(['count', 'amt', 'corp', 'call', 'age']);
  expect(type).toBeNull();
});

test('a mistake does not cause another one about the same thing', () => {
  for (const source of ['sum(fund.amtt, 1h) >= 5m', 'of(acct=cur.peeer, count(fund, 1h)) > 2', '!cuont(call, 1h)', 'abs(dim.aeg) + 1y'])
    expect(diagnoseFormula(source, { schema: SCHEMA }).errors, source).toHaveLength(1);
});

test('what cannot be read to its end keeps the mistakes before it', () => {
  const { ast, errors } = diagnoseFormula('cuont(call, 1h) + sum(fund.amt 1h)', { schema: SCHEMA });
  expect(ast).toBeNull();
  expect(errors.map(({ position }) => position.column)).toEqual([1, 32]);
});

test.each([
  ['count(call, 1h) = 3', '=='],
  ['count(call, 1h) & true', '&&'],
  ['count(call[answered && np180], 1h)', '&'],
  ['count(call[answered, np180], 1h)', '&'],
  ['curr.amt > 5y', 'cur'],
  ['count(call, 1hour)', '1h'],
  ['count(call, 10min)', '10m'],
  ['sum(fund.amt, 1h) > 500yuan', '500y'],
])('%s: did you mean "%s"?', (source, suggestion) => {
  expect(mistakeIn(source).suggestion).toBe(suggestion);
});

test('the whole word is underlined, below characters that are two columns wide too', () => {
  const source = 'count(call[awnsered], 1h)';
  expect(formatError(source, mistakeIn(source)).split('\n')[2]).toBe(`  ${' '.repeat(11)}^~~~~~~~`);
  expect(underline('名称 = cuont', { offset: 5, line: 1, column: 6 })).toBe(`  名称 = cuont\n  ${' '.repeat(7)}^~~~~`);
});
