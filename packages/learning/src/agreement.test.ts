import { expect, test } from 'vitest';
import { agreementOf, trustOf } from './agreement.ts';
import { labelsOf } from './labels.ts';
import { feedbackOf, LATER, type Feedback } from './testing/simulated-feedback.ts';

const wrongWeight = ({ results, cases, truth }: Feedback, trust?: ReadonlyMap<string, number>): number => {
  const labels = labelsOf(results, cases, { nowMs: LATER, ...(trust === undefined ? {} : { trust }) });
  const sum = (list: typeof labels): number => list.reduce((total, { weight }) => total + weight, 0);
  return sum(labels.filter(({ incidentId, fraud }) => incidentId !== null && truth.get(incidentId) !== fraud)) / sum(labels);
};

test('honest teams are believed, in 40 counties at most one of 320 is not', () => {
  let suspicious = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { results, cases } = feedbackOf({ seed });
    suspicious += agreementOf(results, cases, LATER).teams.filter((team) => team.suspicious).length;
  }
  expect(suspicious).toBeLessThanOrEqual(1);
});

test('a team that reports everything as false is noticed in every county, and its results count for nothing', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const feedback = feedbackOf({ seed, liars: ['rt03'] });
    const agreement = agreementOf(feedback.results, feedback.cases, LATER);
    expect(agreement.teams[0]).toMatchObject({ team: 'rt03', suspicious: true, trust: 0 });
    expect(wrongWeight(feedback)).toBeGreaterThan(0.04);
    expect(wrongWeight(feedback, trustOf(agreement))).toBeLessThan(0.01);
  }
});

test('one result in ten coded the wrong way is measured by what the cases tell, and no team is blamed for it', () => {
  let [wrong, checked, blamed] = [0, 0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const { results, cases } = feedbackOf({ seed, flipped: 0.1 });
    const agreement = agreementOf(results, cases, LATER);
    wrong += agreement.wrongShare * agreement.checked;
    checked += agreement.checked;
    blamed += agreement.teams.filter((team) => team.suspicious).length;
    expect(agreement.isPoisoned).toBe(false);
  }
  expect(wrong / checked).toBeGreaterThan(0.07);
  expect(wrong / checked).toBeLessThan(0.13);
  expect(blamed).toBeLessThanOrEqual(2);
});

test('where four of ten are wrong, nothing is to be trained', () => {
  const { results, cases } = feedbackOf({ seed: 3, flipped: 0.4 });
  expect(agreementOf(results, cases, LATER).isPoisoned).toBe(true);
});

test('two teams that coded the same person differently check each other', () => {
  const { results, cases } = feedbackOf({ seed: 5 });
  const first = results[0];
  if (first === undefined) throw new Error('there are results');
  const second = { ...first, incidentId: 'other', team: 'rt99', result: 'not_found' as const };
  const contrary = { ...second, result: first.result === 'false_alarm' ? ('lost' as const) : ('false_alarm' as const) };
  const before = agreementOf(results, cases, LATER).checked;
  expect(agreementOf([...results, second], cases, LATER).checked).toBe(before);
  expect(agreementOf([...results, contrary], cases, LATER).checked).toBeGreaterThan(before);
});
