import { expect, test } from 'vitest';
import { DISTINCT_ERROR, hashOfNumber, hashOfText, HyperLogLog } from './hyper-log-log.ts';

const filled = (from: number, to: number): HyperLogLog => {
  const sketch = new HyperLogLog();
  for (let index = from; index < to; index++) sketch.add(hashOfText(`acct_${index}`));
  return sketch;
};

test.each([0, 1, 10, 500, 3_000, 20_000, 300_000])('%i different values are estimated within three standard errors', (count) => {
  expect(Math.abs(filled(0, count).estimate - count)).toBeLessThanOrEqual(3 * DISTINCT_ERROR * count);
});

test('numbers are told apart as texts are, and zero has one sign', () => {
  const sketch = new HyperLogLog();
  for (let value = 0; value < 5_000; value++) sketch.add(hashOfNumber(value / 7));
  expect(Math.abs(sketch.estimate - 5_000)).toBeLessThanOrEqual(3 * DISTINCT_ERROR * 5_000);
  expect(hashOfNumber(-0)).toBe(hashOfNumber(0));
});

test('a union estimates what adding everything to one estimates, and repeating changes nothing', () => {
  const union = filled(0, 4_000);
  union.merge(filled(2_000, 9_000));
  union.merge(filled(2_000, 9_000));
  expect(union.estimate).toBe(filled(0, 9_000).estimate);
});
