import { afterAll, beforeAll, expect, test } from 'vitest';
import { Chance } from '../../packages/engine/src/fast/testing/random-events.ts';
import { FAULTS } from './faults.ts';
import { lostFaults, Nursery } from './plant.ts';
import { TEST_SETTINGS } from './settings.ts';

const chance = new Chance(TEST_SETTINGS.seed);
const sample = FAULTS.map((fault) => ({ fault, at: chance.below(1_000_000) }))
  .toSorted((a, b) => a.at - b.at)
  .slice(0, TEST_SETTINGS.faults)
  .map(({ fault }) => fault);
let nursery: Nursery;
beforeAll(() => {
  nursery = new Nursery();
});
afterAll(() => {
  nursery.remove();
});

test('every planted fault still has its place in the engine', () => {
  expect(lostFaults(FAULTS)).toEqual([]);
  expect(FAULTS.length).toBeGreaterThanOrEqual(25);
});

test.each(sample.map((fault) => [fault.name, fault] as const))(
  'the proofs catch the planted fault: %s',
  { timeout: 200_000 },
  async (_name, fault) => {
    expect(await nursery.judge(fault)).toContain('caught by ');
  },
);
