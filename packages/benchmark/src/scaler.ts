/**
 * Inputs for learners that add up: each value as sign(x) · ln(1 + |x|), brought to mean 0 and deviation 1 by the training
 * rows and cut at ±8; an unknown value is 0 and says so in an input of its own where the training rows have any.
 */
export class Scaler {
  /** Inputs of a scaled row. */
  readonly width: number;
  readonly #given: number;
  readonly #mean: Float64Array;
  readonly #deviation: Float64Array;
  /** Inputs with unknown values among the training rows. */
  readonly #unknown: readonly number[];

  constructor(rows: Float32Array, width: number) {
    this.#given = width;
    this.#mean = new Float64Array(width);
    this.#deviation = new Float64Array(width);
    const count = rows.length / width;
    const unknown: number[] = [];
    for (let input = 0; input < width; input++) {
      let [known, sum, squares] = [0, 0, 0];
      for (let at = input; at < rows.length; at += width) {
        const value = squeezed(rows[at] as number);
        if (value !== value) continue;
        known += 1;
        sum += value;
        squares += value * value;
      }
      const mean = known === 0 ? 0 : sum / known;
      this.#mean[input] = mean;
      this.#deviation[input] = known === 0 ? 1 : Math.sqrt(Math.max(0, squares / known - mean * mean)) || 1;
      if (known < count) unknown.push(input);
    }
    this.#unknown = unknown;
    this.width = width + unknown.length;
  }

  scaled(rows: Float32Array): Float32Array {
    const count = rows.length / this.#given;
    const out = new Float32Array(count * this.width);
    for (let row = 0; row < count; row++) {
      const from = row * this.#given;
      const to = row * this.width;
      for (let input = 0; input < this.#given; input++) {
        const value = (squeezed(rows[from + input] as number) - (this.#mean[input] as number)) / (this.#deviation[input] as number);
        out[to + input] = value !== value ? 0 : Math.max(-CUT, Math.min(CUT, value));
      }
      for (let index = 0; index < this.#unknown.length; index++)
        if (Number.isNaN(rows[from + (this.#unknown[index] as number)])) out[to + this.#given + index] = 1;
    }
    return out;
  }
}

const CUT = 8;
const squeezed = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));
