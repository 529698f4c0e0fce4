import { languageSchema, officialHolidays } from '@skyeye/catalogue';
import { FastEngine, HistoryEngine } from '@skyeye/engine';
import { checkFormula, LanguageError, LIMITS, parseFormula } from '@skyeye/language';
import { expect, test } from 'vitest';
import { planFor } from './proof-case.ts';
import { START_MS } from './streams.ts';

/** A formula that costs this long to refuse is an attack that worked. */
const REFUSED_WITHIN_MS = 1000;

function refusal(source: string): string {
  const started = performance.now();
  try {
    checkFormula(parseFormula(source), { schema: languageSchema, source, triggers: ['call'] });
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    expect(performance.now() - started).toBeLessThan(REFUSED_WITHIN_MS);
    return error.message;
  }
  return 'accepted';
}

const shared = Array.from({ length: LIMITS.setMembers + 1 }, (_, index) => index).join(',');

test.each([
  ['brackets 10,000 deep', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'formulaCharacters'],
  ['brackets as deep as the text may be long', `${'('.repeat(1990)}1${')'.repeat(1990)}`, 'depth'],
  ['functions inside functions', `${'abs('.repeat(900)}1${')'.repeat(300)}`, 'depth'],
  ['negations', `${'!'.repeat(3999)}1`, 'depth'],
  ['filters inside filters', `count(call[${'!('.repeat(900)}answered${')'.repeat(900)}], 1h)`, 'depth'],
  ['an entity of an entity of an entity', `${'of(acct=cur.peer, '.repeat(150)}count(bank, 1h)${')'.repeat(150)}`, 'depth'],
  ['conditions inside conditions', `${'if(true, 1, '.repeat(200)}1${')'.repeat(200)}`, 'depth'],
  ['a window of a thousand million days', 'count(call, 1000000000d)', 'windowMs'],
  ['a window between two of them', 'count(call, 1000000000d~1d)', 'windowMs'],
  ['a thousand million working days', 'count(call, 1000000000wd)', 'workingDays'],
  ['a gap of a thousand million days', 'burst(call, 1000000000d, 1h)', 'windowMs'],
  ['a sequence of 1,000 elements', `seq(1h, call${', 1h, call'.repeat(999)})`, 'formulaCharacters'],
  ['a sequence as long as the text may be', `seq(1h, call${',1h,call'.repeat(480)})`, 'sequenceElements'],
  ['a set of one member too many', `count(call[dur_s in {${shared}}], 1h)`, 'setMembers'],
  ['a thousand million hops', 'taint(1000000000, 1h)', 'hops'],
  ['a number of 400 digits', `count(call, 1h) >= ${'9'.repeat(400)}`, 'too large'],
  ['a number beyond the whole ones', 'count(call, 1h) >= 9007199254740993', 'too large'],
  ['an amount of 400 digits', `sum(bank.amt, 1h) >= ${'9'.repeat(400)}y`, 'too large'],
  ['a megabyte of text', `1${'+1'.repeat(500_000)}`, 'formulaCharacters'],
  ['a megabyte of nothing', ' '.repeat(1_000_000), 'formulaCharacters'],
  ['a megabyte of a name', 'x'.repeat(1_000_000), 'formulaCharacters'],
])('is refused by name and at once: %s', (_name, source, words) => {
  expect(refusal(source)).toContain(words);
});

test.each([
  ['the longest chain of sums', `count(call, 1h)${' + 1'.repeat(990)}`],
  ['the longest chain of conditions', `exists(call, 1h)${' && true'.repeat(490)}`],
  ['the deepest brackets', `${'abs('.repeat(11)}count(call, 1h)${')'.repeat(11)}`],
  ['the longest window', `count(call, ${LIMITS.windowMs / 86_400_000}d)`],
  ['the longest sequence', `seq(1h, call${', 1h, call'.repeat(LIMITS.sequenceElements - 1)})`],
  ['the largest number', 'count(call, 1h) * 9007199254740991 * 9007199254740991'],
  ['numbers that leave all bounds', `count(call, 1h)${' * 9007199254740991'.repeat(60)}`],
])('what the limits let through is computed alike: %s', (_name, formula) => {
  const plan = planFor([{ key: 'phone', triggers: [{ stream: 'call', dir: null }], timer: false, formula }]);
  const event = { stream: 'call' as const, id: 'S1:1', t: START_MS, phone: 'n_1' };
  const [fast, slow] = [FastEngine, HistoryEngine].map((Kind) =>
    new Kind({ plan, holidays: officialHolidays(), scope: 'all' }).ingest([event]),
  );
  expect(fast).toEqual(slow);
  expect(fast?.[0]?.evaluations).toHaveLength(1);
});
