import { assert } from '@skyeye/foundation';

const STEPS_MAX = 25;
const STEP_ENOUGH = 1e-4;
/** L2 penalty of each weight; the constant has none. */
const RIDGE = 1;

/** Logistic regression with a small ridge, by Newton's method. Rows are scaled. Cost: steps × rows × inputs². */
export function fitLogistic(rows: Float32Array, labels: Uint8Array): { logOdds(rows: Float32Array): Float64Array } {
  const count = labels.length;
  assert(count > 0 && rows.length % count === 0, 'one label for each row');
  const width = rows.length / count;
  const size = width + 1;
  const weights = new Float64Array(size);
  const share = Math.min(0.5, Math.max(1 / count, labels.reduce((sum, label) => sum + label, 0) / count));
  weights[width] = Math.log(share / (1 - share));
  for (let step = 0; step < STEPS_MAX; step++) {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let input = 0; input < width; input++) {
      gradient[input] = RIDGE * (weights[input] as number);
      hessian[input * size + input] = RIDGE;
    }
    for (let row = 0; row < count; row++) {
      const at = row * width;
      const p = 1 / (1 + Math.exp(-oddsOf(rows, at, weights)));
      const off = p - (labels[row] as number);
      const weight = Math.max(1e-9, p * (1 - p));
      for (let i = 0; i < size; i++) {
        const x = i < width ? (rows[at + i] as number) : 1;
        if (x === 0) continue;
        gradient[i] = (gradient[i] as number) + off * x;
        const wx = weight * x;
        for (let j = 0; j <= i; j++)
          hessian[i * size + j] = (hessian[i * size + j] as number) + wx * (j < width ? (rows[at + j] as number) : 1);
      }
    }
    const move = solved(hessian, gradient);
    const longest = move.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // A step longer than 2 is shortened: without it separable weeks run away.
    const part = Math.min(1, 2 / Math.max(longest, 1e-12));
    for (let i = 0; i < size; i++) weights[i] = (weights[i] as number) - part * (move[i] as number);
    if (longest < STEP_ENOUGH) break;
  }
  return {
    logOdds: (given) => Float64Array.from({ length: given.length / width }, (_, row) => oddsOf(given, row * width, weights)),
  };
}

function oddsOf(rows: Float32Array, at: number, weights: Float64Array): number {
  const width = weights.length - 1;
  let sum = weights[width] as number;
  for (let i = 0; i < width; i++) sum += (rows[at + i] as number) * (weights[i] as number);
  return sum;
}

/** x of A·x = b for a symmetric positive matrix of which the lower triangle is filled, by Cholesky's method. Changes `a`. */
function solved(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[i * size + k] as number) * (a[j * size + k] as number);
      a[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[j * size + j] as number);
    }
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (a[i * size + k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (a[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] = (x[i] as number) - (a[k * size + i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (a[i * size + i] as number);
  }
  return x;
}
