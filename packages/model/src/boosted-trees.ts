import { assert } from '@skyeye/foundation';
import { binned, CODES, thresholdsOf, type Thresholds } from './histogram-bins.ts';
import { mulberry32 } from './random.ts';

export interface TreesOptions {
  readonly trees: number;
  /** Share of each tree's answer that is taken, 0..1. */
  readonly learningRate: number;
  /** Leaves of a tree; the leaf with the greatest gain is split next. */
  readonly leavesMax: number;
  /** Least sum of p(1−p) in a leaf: below it a leaf would learn single rows. */
  readonly leafWeightMin: number;
  /** L2 penalty of a leaf's value. */
  readonly lambda: number;
  /** Shares of rows and of inputs that each tree sees, 0..1. */
  readonly rowShare: number;
  readonly inputShare: number;
  readonly seed: number;
  /** For each input: 1 the answer never falls when it rises, −1 never rises, 0 free. Default: all free. */
  readonly signs?: ArrayLike<number>;
}

export interface TreesTraining {
  /** Row after row, each `width` long; NaN is "not known" and takes a side of its own in each split. */
  readonly rows: Float32Array;
  readonly width: number;
  /** 1 or 0, one per row. */
  readonly labels: ArrayLike<number>;
  /** How much each row counts. Default: all 1. */
  readonly weights?: ArrayLike<number>;
}

/** Nodes in arrays; node 0 is the root. A negative `input` is a leaf. */
export interface Tree {
  readonly input: readonly number[];
  /** Known values ≤ threshold go left. */
  readonly threshold: readonly number[];
  readonly unknownLeft: readonly boolean[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Added to the log-odds. */
  readonly value: readonly number[];
}

/** A boosted ensemble as data: can be written as JSON and read again. */
export interface BoostedTrees {
  readonly width: number;
  /** Log-odds before the first tree. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

interface Split {
  readonly gain: number;
  readonly input: number;
  readonly code: number;
  readonly unknownLeft: boolean;
  readonly leftGradient: number;
  readonly leftWeight: number;
}

interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly gradient: number;
  readonly weight: number;
  readonly histogram: Float64Array;
  readonly best: Split | null;
  readonly bounds: Bounds;
}

/** Between which a leaf's value stays, before the learning rate: what a constrained split above it leaves to its side. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}
const FREE: Bounds = { low: -Infinity, high: Infinity };

/**
 * Gradient-boosted trees for a probability: logistic loss, Newton steps, histograms of at most 255 values for each input,
 * leaves split by greatest gain (Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017). The same data, options and seed give
 * the same trees. Cost: trees × depth × rows × inputs × shares; seconds for 70,000 rows of 50 inputs and 300 trees.
 */
export function trainTrees({ rows, width, labels, weights: counts }: TreesTraining, options: TreesOptions): BoostedTrees {
  const count = labels.length;
  assert(rows.length === count * width && count > 0, 'one label for each row');
  const thresholds = thresholdsOf(rows, width);
  const codes = binned(rows, width, thresholds);
  const random = mulberry32(options.seed);
  const countOf = (row: number): number => counts?.[row] ?? 1;
  const whole = Array.from(labels).reduce((sum, _label, row) => sum + countOf(row), 0);
  const share = Math.min(1 - 1e-6, Math.max(1e-6, Array.from(labels).reduce((sum, label, row) => sum + label * countOf(row), 0) / whole));
  const base = Math.log(share / (1 - share));
  const odds = new Float64Array(count).fill(base);
  const gradients = new Float64Array(count);
  const weights = new Float64Array(count);
  const trees: Tree[] = [];
  const all = Int32Array.from({ length: count }, (_, index) => index);
  for (let round = 0; round < options.trees; round++) {
    for (let row = 0; row < count; row++) {
      const p = 1 / (1 + Math.exp(-(odds[row] as number)));
      gradients[row] = countOf(row) * (p - (labels[row] as number));
      weights[row] = Math.max(1e-12, countOf(row) * p * (1 - p));
    }
    const seen = options.rowShare >= 1 ? all.slice() : all.filter(() => random() < options.rowShare);
    const inputs = Array.from({ length: width }, (_, input) => input).filter(
      () => options.inputShare >= 1 || random() < options.inputShare,
    );
    const grower = new Grower(codes, width, gradients, weights, thresholds, inputs, options);
    const { tree, nodeCodes } = grower.grow(seen);
    trees.push(tree);
    for (let row = 0; row < count; row++)
      odds[row] = (odds[row] as number) + (tree.value[leafByCode(tree, nodeCodes, codes, row * width)] as number);
  }
  return { width, base, trees };
}

/** Log-odds of each row; 1 / (1 + e⁻ˣ) is the probability. Cost: rows × trees × depth. */
export function treeLogOdds(model: BoostedTrees, rows: Float32Array): Float64Array {
  const { width, base, trees } = model;
  const out = new Float64Array(rows.length / width).fill(base);
  for (const { input, threshold, unknownLeft, left, right, value } of trees) {
    for (let row = 0, at = 0; row < out.length; row++, at += width) {
      let node = 0;
      for (let which = input[0] as number; which >= 0; which = input[node] as number) {
        const given = rows[at + which] as number;
        const goesLeft = given !== given ? (unknownLeft[node] as boolean) : given <= (threshold[node] as number);
        node = (goesLeft ? left[node] : right[node]) as number;
      }
      out[row] = (out[row] as number) + (value[node] as number);
    }
  }
  return out;
}

function leafByCode({ input, unknownLeft, left, right }: Tree, nodeCodes: readonly number[], codes: Uint8Array, at: number): number {
  let node = 0;
  for (let which = input[0] as number; which >= 0; which = input[node] as number) {
    const code = codes[at + which] as number;
    node = ((code === 0 ? unknownLeft[node] : code <= (nodeCodes[node] as number)) ? left[node] : right[node]) as number;
  }
  return node;
}

/** Grows one tree. Histograms hold gradient and weight for each code of each input; a sibling's is the difference. */
class Grower {
  readonly #codes: Uint8Array;
  readonly #width: number;
  readonly #gradients: Float64Array;
  readonly #weights: Float64Array;
  readonly #thresholds: Thresholds;
  readonly #inputs: readonly number[];
  readonly #options: TreesOptions;

  constructor(
    codes: Uint8Array,
    width: number,
    gradients: Float64Array,
    weights: Float64Array,
    thresholds: Thresholds,
    inputs: readonly number[],
    options: TreesOptions,
  ) {
    this.#codes = codes;
    this.#width = width;
    this.#gradients = gradients;
    this.#weights = weights;
    this.#thresholds = thresholds;
    this.#inputs = inputs;
    this.#options = options;
  }

  grow(rows: Int32Array): { readonly tree: Tree; readonly nodeCodes: readonly number[] } {
    const tree = { input: [-1], threshold: [0], unknownLeft: [false], left: [0], right: [0], value: [0] };
    const nodeCodes = [0];
    let leaves = [this.#leaf(rows, { node: 0, from: 0, to: rows.length, histogram: this.#histogram(rows, 0, rows.length), bounds: FREE })];
    while (leaves.length < this.#options.leavesMax) {
      const next = leaves.reduce((best, leaf) => ((leaf.best?.gain ?? 0) > (best.best?.gain ?? 0) ? leaf : best));
      if (next.best === null) break;
      const { input, code, unknownLeft } = next.best;
      const { node } = next;
      const middle = this.#partition(rows, next, next.best);
      const left = tree.input.length;
      for (let side = 0; side < 2; side++) {
        tree.input.push(-1);
        tree.threshold.push(0);
        tree.unknownLeft.push(false);
        tree.left.push(0);
        tree.right.push(0);
        tree.value.push(0);
        nodeCodes.push(0);
      }
      tree.input[node] = input;
      tree.threshold[node] = this.#thresholds[input]?.[code - 1] ?? Infinity;
      tree.unknownLeft[node] = unknownLeft;
      tree.left[node] = left;
      tree.right[node] = left + 1;
      nodeCodes[node] = code;
      const leftIsSmaller = middle - next.from <= next.to - middle;
      const smaller = leftIsSmaller ? this.#histogram(rows, next.from, middle) : this.#histogram(rows, middle, next.to);
      const larger = next.histogram;
      for (let at = 0; at < larger.length; at++) larger[at] = (larger[at] as number) - (smaller[at] as number);
      leaves = leaves.filter((leaf) => leaf !== next);
      const [leftBounds, rightBounds] = this.#boundsOf(next);
      leaves.push(
        this.#leaf(rows, { node: left, from: next.from, to: middle, histogram: leftIsSmaller ? smaller : larger, bounds: leftBounds }),
        this.#leaf(rows, { node: left + 1, from: middle, to: next.to, histogram: leftIsSmaller ? larger : smaller, bounds: rightBounds }),
      );
    }
    const { learningRate } = this.#options;
    for (const { node, gradient, weight, bounds } of leaves) tree.value[node] = learningRate * this.#valueOf(gradient, weight, bounds);
    return { tree, nodeCodes };
  }

  #histogram(rows: Int32Array, from: number, to: number): Float64Array {
    const histogram = new Float64Array(this.#inputs.length * CODES * 2);
    const [codes, gradients, weights, inputs, width] = [this.#codes, this.#gradients, this.#weights, this.#inputs, this.#width];
    for (let at = from; at < to; at++) {
      const row = rows[at] as number;
      const gradient = gradients[row] as number;
      const weight = weights[row] as number;
      const first = row * width;
      for (let index = 0; index < inputs.length; index++) {
        const place = (index * CODES + (codes[first + (inputs[index] as number)] as number)) * 2;
        histogram[place] = (histogram[place] as number) + gradient;
        histogram[place + 1] = (histogram[place + 1] as number) + weight;
      }
    }
    return histogram;
  }

  #leaf(rows: Int32Array, { node, from, to, histogram, bounds }: Pick<Leaf, 'node' | 'from' | 'to' | 'histogram' | 'bounds'>): Leaf {
    let [gradient, weight] = [0, 0];
    for (let at = from; at < to; at++) {
      gradient += this.#gradients[rows[at] as number] as number;
      weight += this.#weights[rows[at] as number] as number;
    }
    return { node, from, to, gradient, weight, histogram, bounds, best: this.#best(histogram, gradient, weight, bounds) };
  }

  #valueOf(gradient: number, weight: number, { low, high }: Bounds): number {
    return Math.min(high, Math.max(low, -gradient / (weight + this.#options.lambda)));
  }

  /** A constrained split leaves to each side its half of what lies between the two values, so that no later split can cross it. */
  #boundsOf({ best, bounds, gradient, weight }: Leaf): [left: Bounds, right: Bounds] {
    const sign = best === null ? 0 : (this.#options.signs?.[best.input] ?? 0);
    if (best === null || sign === 0) return [bounds, bounds];
    const left = this.#valueOf(best.leftGradient, best.leftWeight, bounds);
    const right = this.#valueOf(gradient - best.leftGradient, weight - best.leftWeight, bounds);
    const middle = (left + right) / 2;
    const [below, above] = [
      { low: bounds.low, high: middle },
      { low: middle, high: bounds.high },
    ];
    return sign > 0 ? [below, above] : [above, below];
  }

  /** The split of greatest gain, the unknown tried on both sides. */
  #best(histogram: Float64Array, gradient: number, weight: number, bounds: Bounds): Split | null {
    const { lambda, leafWeightMin, signs } = this.#options;
    // The loss that a leaf's value takes off, doubled; g² / (w + λ) where the bounds leave the value free.
    const score = (g: number, w: number, value: number): number => -(2 * g * value + (w + lambda) * value * value);
    const whole = score(gradient, weight, this.#valueOf(gradient, weight, bounds));
    let best: Split | null = null;
    for (const [index, input] of this.#inputs.entries()) {
      const sign = signs?.[input] ?? 0;
      const codesMax = this.#thresholds[input]?.length ?? 0;
      const at = index * CODES * 2;
      const [unknownGradient, unknownWeight] = [histogram[at] as number, histogram[at + 1] as number];
      let [g, w] = [0, 0];
      for (let code = 1; code <= codesMax; code++) {
        g += histogram[at + code * 2] as number;
        w += histogram[at + code * 2 + 1] as number;
        for (const unknownLeft of unknownWeight > 1e-9 ? [true, false] : [true]) {
          const leftGradient = unknownLeft ? g + unknownGradient : g;
          const leftWeight = unknownLeft ? w + unknownWeight : w;
          const rightWeight = weight - leftWeight;
          if (leftWeight < leafWeightMin || rightWeight < leafWeightMin) continue;
          const left = this.#valueOf(leftGradient, leftWeight, bounds);
          const right = this.#valueOf(gradient - leftGradient, rightWeight, bounds);
          if (sign * (right - left) < 0) continue;
          const gain = score(leftGradient, leftWeight, left) + score(gradient - leftGradient, rightWeight, right) - whole;
          if (gain > (best?.gain ?? 1e-9)) best = { gain, input, code, unknownLeft, leftGradient, leftWeight };
        }
      }
    }
    return best;
  }

  /** Moves the rows of a leaf so that those of the left side come first, both in their order; where the right side begins. */
  #partition(rows: Int32Array, { from, to }: Leaf, { input, code, unknownLeft }: Split): number {
    const right: number[] = [];
    let next = from;
    for (let at = from; at < to; at++) {
      const row = rows[at] as number;
      const own = this.#codes[row * this.#width + input] as number;
      if (own === 0 ? unknownLeft : own <= code) rows[next++] = row;
      else right.push(row);
    }
    rows.set(right, next);
    return next;
  }
}
