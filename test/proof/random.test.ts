import { expect, test } from 'vitest';
import { differenceIn } from './compare.ts';
import { ALL_FUNCTIONS, keptCases, proveRandom, untried } from './prove-random.ts';
import { TEST_SETTINGS } from './settings.ts';

const { cases, seed } = TEST_SETTINGS;

test.each(keptCases())('what once was wrong stays right: $name', ({ case: one }) => {
  expect(differenceIn(one)).toBeNull();
});

test(`on ${cases} random catalogues the compiled engine says what the definition says (SKYEYE_SEED=${seed})`, { timeout: 600_000 }, () => {
  const { failure, coverage } = proveRandom({ cases, seed });
  expect(failure === null ? null : `${failure.difference}\n${JSON.stringify(failure.smallest)}`).toBeNull();
  expect(ALL_FUNCTIONS).toHaveLength(43);
  // A few cases cannot show everything; from here on they do.
  if (cases >= 1000) expect(untried(coverage)).toEqual([]);
});
