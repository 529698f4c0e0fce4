import { expect, test } from 'vitest';
import { linearAnswers, trainLinear, trainTrees, treeLogOdds } from './index.ts';

const WIDTH = 6;
const SIGNS = [1, 1, -1, 0, 0, 0];

/** The labels pull against the signs: input 1 lowers, input 2 raises, so that a learner without constraints breaks them. */
function rowsAndLabels(count: number): { rows: Float32Array; labels: Uint8Array; weights: Float32Array } {
  let state = 11;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
  const rows = Float32Array.from({ length: count * WIDTH }, () => (random() < 0.5 ? 0 : random()));
  const labels = Uint8Array.from({ length: count }, (_, row) => {
    const [a = 0, b = 0, c = 0, d = 0] = rows.subarray(row * WIDTH, row * WIDTH + 4);
    return Number(random() < 1 / (1 + Math.exp(-(3 * a - 2 * b + 2 * c - d * a))));
  });
  return { rows, labels, weights: new Float32Array(count).fill(1) };
}

const set = rowsAndLabels(3000);
const options = { trees: 40, learningRate: 0.2, leavesMax: 8, leafWeightMin: 2, lambda: 1, rowShare: 1, inputShare: 1, seed: 3 };
const constrained = trainTrees({ ...set, width: WIDTH }, { ...options, signs: SIGNS });
const free = trainTrees({ ...set, width: WIDTH }, options);
const linear = trainLinear({ ...set, width: WIDTH, outputs: 1, signs: SIGNS, ridge: 1e-5 });

/** How often more of an input moves the answer the wrong way. */
function wrongMoves(answers: (rows: Float32Array) => ArrayLike<number>): number {
  let wrong = 0;
  for (const [input, sign] of SIGNS.entries()) {
    if (sign === 0) continue;
    const raised = set.rows.slice();
    for (let at = input; at < raised.length; at += WIDTH) raised[at] = (raised[at] as number) + 0.3;
    const [before, after] = [answers(set.rows), answers(raised)];
    for (let row = 0; row < before.length; row++) wrong += Number(sign * ((after[row] as number) - (before[row] as number)) < -1e-9);
  }
  return wrong;
}

test('more confirmed evidence never lowers an answer of constrained trees, and more mitigation never raises it', () => {
  expect(wrongMoves((rows) => treeLogOdds(free, rows))).toBeGreaterThan(100);
  expect(wrongMoves((rows) => treeLogOdds(constrained, rows))).toBe(0);
});

test('nor of constrained sums, which still learn what the signs allow', () => {
  expect(wrongMoves((rows) => linearAnswers(linear, rows))).toBe(0);
  expect(linear.weights[0]).toBeGreaterThan(2);
  expect([linear.weights[1], linear.weights[2]]).toEqual([0, 0]);
});

test('several outputs add up to one and name the right one', () => {
  const rows = new Float32Array([1, 0, 0, 1, 1, 0, 0, 1]);
  const types = trainLinear({ rows, width: 2, labels: [0, 1, 0, 1], weights: [1, 1, 1, 1], outputs: 2, ridge: 1e-4 });
  const answers = linearAnswers(types, rows);
  expect((answers[0] ?? 0) + (answers[1] ?? 0)).toBeCloseTo(1);
  expect([(answers[0] ?? 0) > 0.9, (answers[3] ?? 0) > 0.9]).toEqual([true, true]);
});
