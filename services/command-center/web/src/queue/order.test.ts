import type { Incident } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { arrange, groupByStation, isBeingDefrauded, matches, NO_FILTER, shadeOf } from './order.ts';

const row = (id: string, lossAtMs: number, more: Partial<Incident> = {}): Incident =>
  ({
    id,
    lossAtMs,
    level: 'P1',
    state: 'CREATED',
    createdMs: 0,
    number: `20260916-${id}`,
    station: 's1',
    stationName: '人和所',
    expectedLossFen: 100,
    scam: 'svc',
    signedBy: null,
    signedMs: null,
    why: { zh: '共享屏幕', en: 'sharing' },
    subject: { maskedName: '王*兰', maskedPhone: '138****5521', town: 't1', communityName: null },
    ...more,
  }) as unknown as Incident;

const quiet = { call: false, share: false, payment: false };

test('the one with the least time left comes first and closed ones are gone', () => {
  const { rows } = arrange([row('a', 300), row('b', 100), row('c', 50, { state: 'CLOSED' })], null);
  expect(rows.map(({ id }) => id)).toEqual(['b', 'a']);
});

test('a P1 whom somebody has met is red again while a call or a shared screen goes on', () => {
  const red = (more: Partial<Incident>): boolean => isBeingDefrauded(row('a', 1, { live: quiet, ...more }));
  expect(red({})).toBe(true);
  expect(red({ state: 'MET' })).toBe(false);
  expect(red({ state: 'MET', live: { ...quiet, share: true } })).toBe(true);
  expect(red({ state: 'FOLLOWUP', result: 'refused', live: { ...quiet, call: true } })).toBe(true);
  expect(red({ state: 'FOLLOWUP', result: 'lost' })).toBe(false);
  expect(red({ state: 'CLOSED', live: { ...quiet, call: true } })).toBe(false);
  expect(red({ level: 'P2', live: { ...quiet, call: true } })).toBe(false);
  expect(shadeOf(row('a', 1, { state: 'RESULTED', live: quiet }))).toBe('over');
  expect(shadeOf(row('a', 1, { state: 'RESULTED', live: { ...quiet, call: true } }))).toBe('P1');
});

test('nothing moves while a row is being worked on; new rows wait', () => {
  const { rows, waiting } = arrange([row('a', 300), row('b', 900), row('c', 50), row('x', 1, { state: 'CLOSED' })], ['b', 'a', 'x']);
  expect(rows.map(({ id }) => id)).toEqual(['b', 'a', 'x']);
  expect(waiting.map(({ id }) => id)).toEqual(['c']);
});

test('filters look at level, signer, town and words', () => {
  const one = row('a', 1, { signedBy: 'li' });
  expect(matches(one, { ...NO_FILTER, level: 'P2' }, 'li')).toBe(false);
  expect(matches(one, { ...NO_FILTER, mine: true }, 'li')).toBe(true);
  expect(matches(one, { ...NO_FILTER, town: 't2' }, 'li')).toBe(false);
  expect(matches(one, { ...NO_FILTER, search: ' 5521' }, 'li')).toBe(true);
});

test('the summary adds up per station, without those whom somebody met and stopped', () => {
  const groups = groupByStation([
    row('a', 300, { station: 's2', stationName: '尹集所' }),
    row('b', 100),
    row('c', 50, { signedMs: 1, scam: 'gov' }),
    row('d', 1, { level: 'P2' }),
    row('e', 2, { state: 'MET', live: quiet }),
    row('f', 3, { state: 'RESULTED', live: quiet, station: 's3' }),
    row('g', 4, { state: 'CLOSED' }),
  ]);
  expect(
    groups.map(({ station, count, soonestMs, unsigned, atRiskFen, scams }) => [station, count, soonestMs, unsigned, atRiskFen, scams]),
  ).toEqual([
    ['s1', 2, 50, 1, 200, ['svc', 'gov']],
    ['s2', 1, 300, 1, 100, ['svc']],
  ]);
});
