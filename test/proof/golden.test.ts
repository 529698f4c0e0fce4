import { expect, test } from 'vitest';
import { GOLDEN_SETS, goldenSet, proveGolden } from './prove-golden.ts';
import { TEST_SETTINGS } from './settings.ts';

const { shuffles } = TEST_SETTINGS;

test.each(GOLDEN_SETS)(
  `every golden value of %s comes out of ${shuffles} random orders, and of the straight one`,
  { timeout: 300_000 },
  (set) => {
    const golden = goldenSet(set);
    const straight = proveGolden(golden, 0);
    expect(straight.wrong).toEqual([]);
    expect(straight.compared.size).toBe(golden.wanted.size);
    for (let seed = 1; seed <= shuffles; seed++) {
      const { wrong, compared } = proveGolden(golden, seed);
      expect(wrong).toEqual([]);
      expect(compared.size).toBeGreaterThan(golden.wanted.size / 2);
    }
  },
);
