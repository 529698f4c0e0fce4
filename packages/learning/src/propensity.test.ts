import { expect, test } from 'vitest';
import { estimatesOf, type Visited } from './propensity.ts';
import { random } from './testing/simulated-feedback.ts';

const BELOW = 20_000;
const FRAUD_BELOW = 0.02;

/** Above the bar six of ten are frauds; below two of a hundred, of whom those who answer the telephone are mostly none. */
function county(seed: number): { cases: Visited[]; fraudsBelow: number } {
  const next = random(seed);
  const cases: Visited[] = [];
  let fraudsBelow = 0;
  for (let at = 0; at < 2_000; at++) {
    const fraud = next() < 0.6;
    cases.push({ above: true, chance: 1, chosen: true, fraud: next() < (fraud ? 0.9 : 0.95) ? fraud : null, stratum: 'above' });
  }
  for (let at = 0; at < BELOW; at++) {
    const fraud = next() < FRAUD_BELOW;
    fraudsBelow += Number(fraud);
    const chance = at % 2 === 0 ? 0.02 : 0.08;
    const chosen = next() < chance;
    const phoned = !chosen && next() < (fraud ? 0.02 : 0.3);
    cases.push({ above: false, chance, chosen, fraud: chosen ? (next() < 0.8 ? fraud : null) : phoned ? fraud : null, stratum: 'below' });
  }
  return { cases, fraudsBelow };
}

test('what the bar leaves out is inside the interval about as often as it says, where the naive share hardly ever is', () => {
  let [inside, naive] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const { cases, fraudsBelow } = county(seed);
    const estimates = estimatesOf(cases);
    inside += Number(estimates.fraudsBelow.low <= fraudsBelow && fraudsBelow <= estimates.fraudsBelow.high);
    naive += Number(estimates.belowNaive.low <= FRAUD_BELOW && FRAUD_BELOW <= estimates.belowNaive.high);
  }
  expect(inside).toBeGreaterThanOrEqual(53);
  expect(naive).toBeLessThanOrEqual(5);
});

test('recall counts what was found above the bar against what the draw says lies below', () => {
  const { cases, fraudsBelow } = county(4);
  const { recall, fraudsAbove, precision } = estimatesOf(cases);
  expect(precision.value).toBeGreaterThan(0.5);
  expect(recall.low).toBeLessThan(fraudsAbove / (fraudsAbove + fraudsBelow));
  expect(recall.high).toBeGreaterThan(fraudsAbove / (fraudsAbove + fraudsBelow));
});

test('where nobody was drawn, nothing is known, which is not the same as nothing missed', () => {
  const estimates = estimatesOf([{ above: false, chance: 0.01, chosen: false, fraud: null, stratum: 'below' }]);
  expect(estimates.below).toMatchObject({ low: 0, high: 1, of: 0 });
  expect(estimates.below.value).toBeNaN();
});
