import { assert } from '@skyeye/foundation';

/** Weighted sums of the inputs, one for each output, each with a constant: one output is log-odds, several go through a softmax. */
export interface Linear {
  readonly width: number;
  readonly outputs: number;
  /** Output after output: `width` weights and the constant. */
  readonly weights: readonly number[];
}

export interface LinearTraining {
  /** Row after row, each `width` long, most of them 0. */
  readonly rows: Float32Array;
  readonly width: number;
  /** The right output of each row: 0 or 1 with one output (its log-odds), else the index of the output. */
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly outputs: number;
  /** For each input: 1 its weights are never negative, −1 never positive, 0 free. */
  readonly signs?: ArrayLike<number>;
  /** Squared penalty of the weights, against the mean loss of a row. */
  readonly ridge: number;
}

const STEPS = 400;
const RATE = 0.05;
const [FIRST, SECOND, TINY] = [0.9, 0.999, 1e-8];

/**
 * Logistic regression (one output) or its form with several, by Adam over all rows; weights that the signs forbid are set to 0
 * after each step. No chance in it: the same rows give the same weights. Cost: 400 × cells that are not 0 × outputs.
 */
export function trainLinear({ rows, width, labels, weights: counts, outputs, signs, ridge }: LinearTraining): Linear {
  const count = labels.length;
  assert(count > 0 && rows.length === count * width, 'one label for each row');
  const { starts, places, values } = sparse(rows, width);
  const size = width + 1;
  const weights = new Float64Array(outputs * size);
  const [mean, square, gradient] = [new Float64Array(weights.length), new Float64Array(weights.length), new Float64Array(weights.length)];
  const whole = Array.from(labels).reduce((sum, _label, row) => sum + (counts[row] as number), 0);
  const sums = new Float64Array(outputs);
  for (let step = 1; step <= STEPS; step++) {
    for (let at = 0; at < weights.length; at++) gradient[at] = at % size === width ? 0 : 2 * ridge * (weights[at] as number);
    for (let row = 0; row < count; row++) {
      const [from, to] = [starts[row] as number, starts[row + 1] as number];
      for (let output = 0; output < outputs; output++) {
        let sum = weights[output * size + width] as number;
        for (let cell = from; cell < to; cell++)
          sum += (values[cell] as number) * (weights[output * size + (places[cell] as number)] as number);
        sums[output] = sum;
      }
      squeeze(sums);
      for (let output = 0; output < outputs; output++) {
        const right = outputs === 1 ? (labels[row] as number) : Number(labels[row] === output);
        const off = ((counts[row] as number) * ((sums[output] as number) - right)) / whole;
        gradient[output * size + width] = (gradient[output * size + width] as number) + off;
        for (let cell = from; cell < to; cell++) {
          const at = output * size + (places[cell] as number);
          gradient[at] = (gradient[at] as number) + off * (values[cell] as number);
        }
      }
    }
    for (let at = 0; at < weights.length; at++) {
      const slope = gradient[at] as number;
      mean[at] = FIRST * (mean[at] as number) + (1 - FIRST) * slope;
      square[at] = SECOND * (square[at] as number) + (1 - SECOND) * slope * slope;
      const move = (mean[at] as number) / (1 - FIRST ** step) / (Math.sqrt((square[at] as number) / (1 - SECOND ** step)) + TINY);
      const moved = (weights[at] as number) - RATE * move;
      weights[at] = (signs?.[at % size] ?? 0) * moved < 0 ? 0 : moved;
    }
  }
  // Six digits are more than float32 inputs deserve, and a file that people can read.
  return { width, outputs, weights: Array.from(weights, (weight) => Number(weight.toPrecision(6))) };
}

/** Probabilities of the rows: of one output by itself, of several adding up to 1. Cost: cells × outputs. */
export function linearAnswers({ width, outputs, weights }: Linear, rows: Float32Array): Float32Array {
  const count = rows.length / width;
  const answers = new Float32Array(count * outputs);
  const sums = new Float64Array(outputs);
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) sums[output] = weights[output * (width + 1) + width] as number;
    for (let input = 0; input < width; input++) {
      const value = rows[row * width + input] as number;
      if (value === 0) continue;
      for (let output = 0; output < outputs; output++)
        sums[output] = (sums[output] as number) + value * (weights[output * (width + 1) + input] as number);
    }
    squeeze(sums);
    answers.set(sums, row * outputs);
  }
  return answers;
}

/** Sums → probabilities, in place. */
function squeeze(sums: Float64Array): void {
  if (sums.length === 1) {
    sums[0] = 1 / (1 + Math.exp(-(sums[0] as number)));
    return;
  }
  const most = Math.max(...sums);
  let whole = 0;
  for (let at = 0; at < sums.length; at++) whole += sums[at] = Math.exp((sums[at] as number) - most);
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) / whole;
}

function sparse(rows: Float32Array, width: number): { starts: Int32Array; places: Int32Array; values: Float32Array } {
  const filled = rows.reduce((sum, value) => sum + Number(value !== 0), 0);
  const [starts, places, values] = [new Int32Array(rows.length / width + 1), new Int32Array(filled), new Float32Array(filled)];
  let next = 0;
  for (let row = 0; row < starts.length - 1; row++) {
    for (let input = 0; input < width; input++) {
      const value = rows[row * width + input] as number;
      if (value === 0) continue;
      places[next] = input;
      values[next++] = value;
    }
    starts[row + 1] = next;
  }
  return { starts, places, values };
}
