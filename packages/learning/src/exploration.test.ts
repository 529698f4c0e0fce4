import { expect, test } from 'vitest';
import { drawOf, EXPLORATION_SHARE, explorationChance } from './exploration.ts';
import { random } from './testing/simulated-feedback.ts';

test('a county of half a million visits one or two in a hundred of its budget to learn', () => {
  const chance = explorationChance(15, { cases: 175 * 30, days: 30 });
  expect(chance * 175).toBeCloseTo(EXPLORATION_SHARE * 15, 10);
  const next = random(7);
  let drawn = 0;
  for (let day = 0; day < 2_000; day++) for (let at = 0; at < 175; at++) drawn += Number(next() < chance);
  expect(drawn / (2_000 * 15)).toBeGreaterThan(0.01);
  expect(drawn / (2_000 * 15)).toBeLessThan(0.02);
});

test('without a budget nobody is drawn, and with hardly any cases not every one', () => {
  expect(explorationChance(null, { cases: 100, days: 10 })).toBe(0);
  expect(explorationChance(15, { cases: 1, days: 30 })).toBeLessThanOrEqual(0.2);
  expect(explorationChance(15, { cases: 0, days: 0 })).toBeGreaterThan(0);
});

test('a draw is a number from 0 to 1 that a digest gives again', () => {
  expect(drawOf('000000000000ffff')).toBe(0);
  expect(drawOf('ffffffffffff0000')).toBeLessThan(1);
  expect(drawOf('8000000000001234')).toBe(0.5);
});
