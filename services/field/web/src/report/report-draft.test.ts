import type { FieldTask } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { emptyDraft, fenOf, missing, reportOf, type Draft } from './report-draft.ts';

const task = { level: 'P1', tier: 'officer', state: 'met', metMs: 5, scam: 'svc' } as unknown as FieldTask;
const full: Draft = { ...emptyDraft(task), result: 'stopped_before', metWho: 'self', meeting: 'face', transferred: false };

test('an untouched form lacks everything that only a person can know', () => {
  expect(missing(emptyDraft(task), task)).toEqual(['result', 'who', 'meeting', 'transferred']);
});

test('a false alarm needs its cause and a loss its amount', () => {
  expect(missing({ ...full, result: 'false_alarm' }, task)).toEqual(['cause']);
  expect(missing({ ...full, result: 'lost', amountYuan: '0' }, task)).toEqual(['amount']);
  expect(missing({ ...full, result: 'lost', transferred: true, amountYuan: '9800.5' }, task)).toEqual([]);
});

test('a P1 that nobody has met has no result but that nobody was found', () => {
  const unmet = { ...task, state: 'arrived', metMs: null } as FieldTask;
  expect(missing(full, unmet)).toEqual(['met']);
  expect(missing({ ...full, result: 'not_found', metWho: 'nobody', meeting: 'none' }, unmet)).toEqual([]);
});

test('money is typed in yuan and sent in fen', () => {
  expect([fenOf('9800.5'), fenOf(' 12 '), fenOf('1e9'), fenOf('-3'), fenOf('')]).toEqual([980_050, 1_200, null, null, null]);
  expect(reportOf({ ...full, transferred: true, amountYuan: '30' }, 'client-0001', 7)).toMatchObject({
    transferredFen: 3_000,
    filledMs: 7,
    falseAlarmCause: null,
  });
});
