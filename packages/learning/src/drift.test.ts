import { expect, test } from 'vitest';
import { calibrationDrift, countInputs, inputDrift, psi, type Judged } from './drift.ts';
import { random } from './testing/simulated-feedback.ts';

test('the index is nothing for the same population, and the textbook value for another', () => {
  expect(psi([500, 500], [500, 500])).toBe(0);
  // (0.6 − 0.5) ln(1.2) + (0.4 − 0.5) ln(0.8), but for the half cases.
  expect(psi([50_000, 50_000], [60_000, 40_000])).toBeCloseTo(0.0405, 3);
});

test('an input that fires twice as often as in training is named, the others are not', () => {
  const next = random(2);
  const rows = (share: number): Float32Array =>
    Float32Array.from({ length: 4_000 }, (_, at) => (next() < (at % 2 === 0 ? 0.3 : share) ? (next() < 0.5 ? 0.6 : 1) : 0));
  const then = countInputs(rows(0.25), ['a', 'b']);
  expect(inputDrift(then, countInputs(rows(0.25), ['a', 'b'])).map(({ state }) => state)).toEqual(['stable', 'stable']);
  expect(inputDrift(then, countInputs(rows(0.55), ['a', 'b']))).toMatchObject([
    { input: 'b', state: 'drifted' },
    { input: 'a', state: 'stable' },
  ]);
  expect(inputDrift(then, countInputs(rows(0.5).slice(0, 50), ['a', 'b']))).toEqual([]);
});

test('a scam type whose 0.8 is no eight of ten any more is found beside others that still are', () => {
  const next = random(9);
  const judged = Array.from({ length: 600 }, (_, at): Judged => {
    const said = 0.3 + 0.6 * next();
    const scam = at % 3 === 0 ? 'loan' : 'svc';
    return {
      said,
      fraud: next() < (scam === 'loan' ? said * 0.5 : said),
      weight: 1,
      groups: [scam, `source:${at % 2 === 0 ? 'call' : 'bank'}`],
    };
  });
  const found = calibrationDrift(judged);
  expect(found[0]).toMatchObject({ group: 'loan', drifted: true });
  expect(found.find(({ group }) => group === 'svc')?.drifted).toBe(false);
});
