import { expect, test } from 'vitest';
import { countOf, histogram, quantile, since } from './prometheus.ts';
import { percentile } from './row.ts';
import { benched } from './testing.ts';

test('a percentile is a number of the list', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile([], 0.5)]).toEqual([50, 99, 0]);
});

/** Benchmarks need what they measure; those of servers and of a browser are in test files of their names. */
test(
  'the benchmarks of the engine, of the scorer and of the whole product run with tiny inputs and write their rows',
  { timeout: 300_000 },
  () => {
    const rows = benched(['engine', 'scorer', 'standalone']);
    expect(rows.length).toBeGreaterThan(8);
  },
);

test('what was observed before is not what is observed since', () => {
  const before = histogram('x_bucket{le="10"} 1\nx_bucket{le="+Inf"} 5\n', 'x');
  const after = histogram('x_bucket{le="10"} 11\nx_bucket{le="+Inf"} 15\n', 'x');
  expect([countOf(since(before, after)), quantile(since(before, after), 0.5)]).toEqual([10, 5]);
});
