import { expect, test } from 'vitest';
import { labelsOf, TEAM_SHARE_MAX, WEIGHT_MAX, type CodedResult } from './labels.ts';
import { feedbackOf, LATER } from './testing/simulated-feedback.ts';

const HOUR = 3_600_000;
const result = (change: Partial<CodedResult> = {}): CodedResult => ({
  incidentId: 'i1',
  person: 'p_1',
  fromMs: 0,
  untilMs: HOUR,
  atMs: 2 * HOUR,
  kind: 'result',
  result: 'false_alarm',
  scam: null,
  level: 'P1',
  score: 0.8,
  team: 'rt01',
  chance: 1,
  ...change,
});

test('a result is known only once it is coded', () => {
  expect(labelsOf([result()], [], { nowMs: HOUR })).toEqual([]);
  expect(labelsOf([result()], [], { nowMs: 2 * HOUR })).toMatchObject([{ fraud: false, from: 'result', team: 'rt01', weight: 1 }]);
});

test('nobody found, or somebody else, is no label', () => {
  expect(labelsOf([result({ result: 'not_found' }), result({ incidentId: 'i2', result: 'not_holder' })], [], { nowMs: LATER })).toEqual([]);
});

test('an appeal that is won turns the label round, and a later form of the team does not turn it back', () => {
  const coded = result({ result: 'lost', scam: 'svc' });
  const appeal = result({ kind: 'review', result: 'false_alarm', atMs: 20 * HOUR });
  const again = result({ result: 'lost', atMs: 30 * HOUR });
  expect(labelsOf([coded, appeal, again], [], { nowMs: 10 * HOUR })).toMatchObject([{ fraud: true }]);
  expect(labelsOf([coded, appeal, again], [], { nowMs: 40 * HOUR })).toMatchObject([{ fraud: false, from: 'review', team: null }]);
});

test('a case filed within a week stands above a false alarm, and one that nobody alerted of is a label by itself', () => {
  const filed = { person: 'p_1', scam: 'invest' as const, fromMs: 0, untilMs: HOUR, atMs: 50 * HOUR };
  const missed = { ...filed, person: 'p_2' };
  const labels = labelsOf([result()], [filed, missed], { nowMs: LATER });
  expect(labels).toMatchObject([
    { person: 'p_1', fraud: true, scam: 'invest', from: 'case', knownMs: 50 * HOUR },
    { person: 'p_2', fraud: true, from: 'case', incidentId: null },
  ]);
  const late = { ...filed, fromMs: 300 * HOUR, atMs: 400 * HOUR, untilMs: 400 * HOUR };
  expect(labelsOf([result()], [late], { nowMs: LATER })).toMatchObject([{ fraud: false }, { fraud: true, incidentId: null }]);
});

test('a case that was drawn counts for those that were not, up to a limit', () => {
  const [few] = labelsOf([result({ chance: 0.5 })], [], { nowMs: LATER });
  const [rare] = labelsOf([result({ chance: 0.001 })], [], { nowMs: LATER });
  expect([few?.weight, rare?.weight]).toEqual([2, WEIGHT_MAX]);
});

test('no team among many gives more than its share of all weight', () => {
  const { results } = feedbackOf({ seed: 1 });
  const one = results.map((coded, index) => (index % 2 === 0 ? { ...coded, team: 'rt01' } : coded));
  const labels = labelsOf(one, [], { nowMs: LATER });
  const sum = (list: typeof labels): number => list.reduce((total, { weight }) => total + weight, 0);
  expect(sum(labels.filter(({ team }) => team === 'rt01')) / sum(labels)).toBeLessThan(TEAM_SHARE_MAX + 0.01);
});
