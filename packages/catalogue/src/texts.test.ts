import { SCAMS, type Scam } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import { loadPolicies, readPolicies } from './policies.ts';
import { fillReason, valueInWords } from './slots.ts';
import { counterTextsFor, gridTaskFor, talkTrackFor } from './texts.ts';

const scams = [...(Object.keys(SCAMS) as Scam[]), null];
const chinese = /^[^\u0000-\u001f]*[\u4e00-\u9fff]/u;

test.each(scams)('%s: officer, grid worker and bank have their words', (scam) => {
  const { openers, scammerSays, lookFor } = talkTrackFor(scam);
  for (const line of [...openers, ...scammerSays, ...lookFor, ...gridTaskFor(scam).teach]) expect(line).toMatch(chinese);
  const texts = counterTextsFor(scam);
  for (const text of [...Object.values(texts.checks), ...Object.values(texts.questions), texts.reminder.text])
    expect(text).toMatch(chinese);
  expect(Object.keys(texts.checks)).toEqual(['holder', 'transaction', 'payee']);
});

test.each([
  [4_980_000, 'fen', '¥49,800', '¥49,800'],
  [1860, 's', '31分钟', '31 min'],
  [12, 's', '12秒', '12 s'],
  [3, 'h', '3小时', '3 h'],
  [6, 'day', '6天', '6 days'],
  [1, 'day', '1天', '1 day'],
  [1460.5, 'day', '4年', '4 years'],
  [0.825, 'ratio', '83%', '83%'],
  [8.54, 'x', '8.5倍', '8.5 times'],
  [1234, 'count', '1,234', '1,234'],
  [null, 'count', '不详', 'unknown'],
])('%s %s reads %s', (value, unit, zh, en) => {
  expect(valueInWords(value, unit)).toEqual({ zh, en });
});

test('one call is a call, two are calls', () => {
  const template = { zh: '{value}次', en: '{value} call[s] today' };
  expect(fillReason(template, 1, 'count').en).toBe('1 call today');
  expect(fillReason(template, 2, 'count')).toEqual({ zh: '2次', en: '2 calls today' });
});

test('no filled reason shows a slot or a bracket', () => {
  for (const { fires, unit } of loadCatalogue().features) {
    for (const value of [1, 2, 12.5, 1_000_000]) {
      const { zh, en } = fillReason(fires.reason, value, unit);
      expect(`${zh}${en}`).not.toMatch(/[{}[\]]/);
    }
  }
});

test('the policies have a cap for every group and a loss for every scam', () => {
  const policies = loadPolicies();
  expect(policies.memoryMs).toBe(7_200_000);
  expect(Object.keys(policies.losses)).toEqual(Object.keys(SCAMS));
  expect(() => readPolicies({ scoring: {} })).toThrow(expect.objectContaining({ code: 'CATALOGUE_ENTRY_INVALID' }));
});
