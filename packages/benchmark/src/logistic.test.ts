import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { fitLogistic } from './logistic.ts';
import { Scaler } from './scaler.ts';

test('finds the weights that made the labels', () => {
  const chance = new Chance(3);
  const rows = Float32Array.from({ length: 40_000 }, () => chance.normal(0, 1));
  const labels = Uint8Array.from({ length: 20_000 }, (_, row) => {
    const odds = 1.5 * (rows[row * 2] as number) - 0.7 * (rows[row * 2 + 1] as number) - 2;
    return chance.next() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
  });
  const { logOdds } = fitLogistic(rows, labels);
  const [zero = 0, first = 0, second = 0] = logOdds(Float32Array.from([0, 0, 1, 0, 0, 1]));
  expect(zero).toBeCloseTo(-2, 0);
  expect(first - zero).toBeCloseTo(1.5, 0);
  expect(second - zero).toBeCloseTo(-0.7, 0);
});

test('labels that an input tells apart do not run away', () => {
  const { logOdds } = fitLogistic(Float32Array.from([-1, -1, 1, 1]), Uint8Array.from([0, 0, 1, 1]));
  const odds = logOdds(Float32Array.from([-1, 1]));
  expect(odds[0]).toBeLessThan(0);
  expect(odds[1]).toBeGreaterThan(0);
  expect(Math.abs(odds[1] as number)).toBeLessThan(5);
});

test('scaled inputs have mean 0 and deviation 1 by the training rows, and unknown is said apart', () => {
  const scaler = new Scaler(Float32Array.from([1, 5, 2, Number.NaN, 3, 5]), 2);
  expect(scaler.width).toBe(3);
  const scaled = scaler.scaled(Float32Array.from([1, 5, 2, Number.NaN, 3, 5]));
  const first = [scaled[0], scaled[3], scaled[6]] as [number, number, number];
  expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
  expect(first.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 5);
  expect([scaled[2], scaled[5], scaled[8]]).toEqual([0, 1, 0]);
  expect(scaled[4]).toBe(0);
  expect(scaler.scaled(Float32Array.from([1e12, 0]))[0]).toBe(8);
});
