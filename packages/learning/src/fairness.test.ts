import { expect, test } from 'vitest';
import { fairnessOf, type Treated } from './fairness.ts';
import { random } from './testing/simulated-feedback.ts';

test('a group that is disturbed for nothing more often than the others is marked, equal ones are not', () => {
  const next = random(3);
  const treated = Array.from({ length: 800 }, (_, at): Treated => {
    const age = at % 4 === 0 ? '60 and over' : 'under 60';
    return { groups: { age, sex: at % 3 === 0 ? 'f' : 'm' }, alerted: true, fraud: next() > (age === '60 and over' ? 0.7 : 0.35) };
  });
  const rows = fairnessOf(treated);
  expect(rows.filter(({ differs }) => differs).map(({ by }) => by)).toEqual(['age', 'age']);
  expect(rows.find(({ group }) => group === '60 and over')).toMatchObject({ persons: 200, alerted: 200 });
});

test('with a handful of cases nothing is claimed', () => {
  const rows = fairnessOf([
    { groups: { sex: 'f' }, alerted: true, fraud: false },
    { groups: { sex: 'm' }, alerted: true, fraud: true },
  ]);
  expect(rows.every(({ differs }) => !differs)).toBe(true);
});
