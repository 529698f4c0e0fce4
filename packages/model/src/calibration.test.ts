import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrate, calibrationError, fitCalibration } from './index.ts';

const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
};

test('answers that are too sure mean afterwards what they say, on rows that were not used', () => {
  const random = randomOf(7);
  const draw = (): { answers: number[]; labels: number[] } => {
    const truth = Array.from({ length: 8000 }, () => random());
    return { answers: truth.map((p) => p ** 3 / (p ** 3 + (1 - p) ** 3)), labels: truth.map((p) => Number(random() < p)) };
  };
  const [fit, later] = [draw(), draw()];
  const calibration = fitCalibration(fit.answers, fit.labels);
  expect(calibrationError(later.answers, later.labels)).toBeGreaterThan(0.08);
  expect(
    calibrationError(
      later.answers.map((answer) => calibrate(calibration, answer)),
      later.labels,
    ),
  ).toBeLessThan(0.02);
});

test('calibration keeps the order of answers and says neither never nor always', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1, maxLength: 400 }), (rows) => {
      const calibration = fitCalibration(
        rows.map(([answer]) => answer),
        rows.map(([, hit]) => Number(hit)),
      );
      const said = [0, ...rows.map(([answer]) => answer), 1].toSorted((a, b) => a - b).map((answer) => calibrate(calibration, answer));
      for (const [at, value] of said.entries()) {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThan(1);
        expect(value).toBeGreaterThanOrEqual((said[at - 1] ?? 0) - 1e-12);
      }
    }),
    { numRuns: 100 },
  );
});
