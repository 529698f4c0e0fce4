import { expect, test } from 'vitest';
import { trainTrees, treeLogOdds, type TreesOptions } from './boosted-trees.ts';
import { binned, thresholdsOf } from './histogram-bins.ts';

const OPTIONS: TreesOptions = {
  trees: 40,
  learningRate: 0.3,
  leavesMax: 8,
  leafWeightMin: 0.1,
  lambda: 1,
  rowShare: 1,
  inputShare: 1,
  seed: 1,
};

/** Rows of three inputs on a grid: what is learned is known. */
function grid(
  labelOf: (x: number, y: number) => 0 | 1,
  y: (value: number) => number = (value) => value,
): { rows: Float32Array; labels: Uint8Array } {
  const rows: number[] = [];
  const labels: number[] = [];
  for (let a = 0; a < 30; a++)
    for (let b = 0; b < 30; b++) {
      rows.push(a, y(b), (a * 7 + b * 3) % 5);
      labels.push(labelOf(a, b));
    }
  return { rows: Float32Array.from(rows), labels: Uint8Array.from(labels) };
}

const errorsOf = (odds: Float64Array, labels: Uint8Array): number =>
  odds.reduce((sum, value, row) => sum + (value > 0 === (labels[row] === 1) ? 0 : 1), 0);

test('learns what no single input tells: one or the other, not both', () => {
  const { rows, labels } = grid((a, b) => (a < 13 !== b < 19 ? 1 : 0));
  expect(errorsOf(treeLogOdds(trainTrees({ rows, width: 3, labels }, OPTIONS), rows), labels)).toBe(0);
});

test('an unknown value takes the side that it is right on', () => {
  const { rows, labels } = grid(
    (_a, b) => (b >= 25 || b < 10 ? 1 : 0),
    (b) => (b >= 25 ? Number.NaN : b),
  );
  const model = trainTrees({ rows, width: 3, labels }, OPTIONS);
  expect(errorsOf(treeLogOdds(model, rows), labels)).toBe(0);
});

test('one split gives the Newton step of its leaves', () => {
  const rows = Float32Array.from([1, 1, 2, 2]);
  const { base, trees } = trainTrees({ rows, width: 1, labels: [0, 0, 1, 1] }, { ...OPTIONS, trees: 1, learningRate: 1, leafWeightMin: 0 });
  expect(base).toBe(0);
  expect(trees[0]?.threshold[0]).toBe(1.5);
  // Gradient ∓1 over weight 0.5 + λ 1.
  expect([...treeLogOdds({ width: 1, base, trees }, Float32Array.from([1, 2]))]).toEqual([-1 / 1.5, 1 / 1.5]);
});

test('the same seed gives the same trees, as data that can be written', () => {
  const { rows, labels } = grid((a, b) => ((a * b) % 7 < 2 ? 1 : 0));
  const options = { ...OPTIONS, trees: 5, rowShare: 0.6, inputShare: 0.7 };
  const model = trainTrees({ rows, width: 3, labels }, options);
  expect(trainTrees({ rows, width: 3, labels }, options)).toEqual(model);
  expect(trainTrees({ rows, width: 3, labels }, { ...options, seed: 2 })).not.toEqual(model);
  expect([...treeLogOdds(JSON.parse(JSON.stringify(model)) as typeof model, rows)]).toEqual([...treeLogOdds(model, rows)]);
});

test('without anything to learn the answer is the share of the training rows', () => {
  const model = trainTrees({ rows: new Float32Array(8), width: 2, labels: [1, 0, 0, 0] }, OPTIONS);
  expect(1 / (1 + Math.exp(-(treeLogOdds(model, new Float32Array(2))[0] as number)))).toBeCloseTo(0.25, 6);
});

test('codes keep the order of the values, unknown apart, and 255 of them hold equal shares', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, index) => (index % 100 === 0 ? Number.NaN : Math.sin(index) * 1000));
  const [limits = []] = thresholdsOf(values, 1);
  expect(limits.length).toBeLessThanOrEqual(254);
  const codes = binned(values, 1, [limits]);
  const counts = Array.from({ length: 256 }, () => 0);
  for (const [row, code] of codes.entries()) {
    counts[code] = (counts[code] ?? 0) + 1;
    expect(code === 0).toBe(Number.isNaN(values[row]));
  }
  expect(counts[0]).toBe(100);
  expect(Math.max(...counts.slice(1))).toBeLessThan(120);
});
