import { assert } from '@skyeye/foundation';

/** What a model's own answer means: straight lines between points. Answers between `abstain` count as its lower edge. Data, in the model's folder. */
export interface Calibration {
  /** Ascending. */
  readonly raw: readonly number[];
  /** Not descending, 0..1. */
  readonly calibrated: readonly number[];
  /** Calibrated answers from–to say nothing: rules alone decide. Null: it always answers. */
  readonly abstain: { readonly from: number; readonly to: number } | null;
}

/** A step of fewer rows is joined to its neighbour: it would be chance. */
const BLOCK_MIN = 60;

/**
 * Isotonic regression by pooling neighbours (Ayer et al. 1955; Zadrozny and Elkan 2002), in blocks of at least 60 rows, each
 * shrunk by half a row of both kinds, so that nothing is ever certain. It keeps the order of the answers, so that a monotone
 * model stays monotone. `weights`: how many rows each stands for; default one. Cost: a sort.
 */
export function fitCalibration(answers: ArrayLike<number>, labels: ArrayLike<number>, weights?: ArrayLike<number>): Calibration {
  const count = answers.length;
  assert(count > 0 && labels.length === count, 'one label for each answer');
  const order = Array.from({ length: count }, (_, index) => index).toSorted((a, b) => (answers[a] as number) - (answers[b] as number));
  let blocks: Block[] = [];
  for (const index of order) {
    const last = blocks.at(-1);
    const answer = answers[index] as number;
    const weight = weights?.[index] ?? 1;
    const own = { rows: 1, weight, hits: weight * (labels[index] as number), sum: answer, last: answer };
    if (last !== undefined && (last.rows < BLOCK_MIN || last.last === answer)) blocks[blocks.length - 1] = joined(last, own);
    else blocks.push(own);
  }
  const tail = blocks.at(-1);
  const before = blocks.at(-2);
  if (tail !== undefined && before !== undefined && tail.rows < BLOCK_MIN) blocks = [...blocks.slice(0, -2), joined(before, tail)];
  const pooled: Block[] = [];
  for (const block of blocks) {
    pooled.push(block);
    for (let top = pooled.length - 1; top > 0 && shareOf(pooled[top - 1] as Block) >= shareOf(pooled[top] as Block); top--)
      pooled.splice(top - 1, 2, joined(pooled[top - 1] as Block, pooled[top] as Block));
  }
  return {
    raw: pooled.map(({ sum, rows }) => sum / rows),
    calibrated: pooled.map(shareOf),
    abstain: null,
  };
}

interface Block {
  readonly rows: number;
  readonly weight: number;
  readonly hits: number;
  readonly sum: number;
  readonly last: number;
}
const joined = (a: Block, b: Block): Block => ({
  rows: a.rows + b.rows,
  weight: a.weight + b.weight,
  hits: a.hits + b.hits,
  sum: a.sum + b.sum,
  last: b.last,
});
const shareOf = ({ hits, weight }: Block): number => (hits + 0.5) / (weight + 1);

/** The calibrated answer. Outside the points: the nearest one. */
export function calibrate({ raw, calibrated }: Pick<Calibration, 'raw' | 'calibrated'>, answer: number): number {
  let [low, high] = [0, raw.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((raw[middle] as number) < answer) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return calibrated[0] as number;
  if (low === raw.length) return calibrated[low - 1] as number;
  const [from, to] = [raw[low - 1] as number, raw[low] as number];
  const part = (answer - from) / (to - from);
  return (calibrated[low - 1] as number) * (1 - part) + (calibrated[low] as number) * part;
}

/** Expected calibration error: ten bins of equal width, |mean said − true share| weighed by rows (Naeini et al. 2015), or by `weights`. */
export function calibrationError(answers: ArrayLike<number>, labels: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let all = 0;
  const bins = Array.from({ length: 10 }, () => ({ said: 0, hits: 0 }));
  for (let row = 0; row < answers.length; row++) {
    const bin = bins[Math.min(9, Math.floor((answers[row] as number) * 10))];
    assert(bin !== undefined, 'an answer is a probability');
    const weight = weights?.[row] ?? 1;
    all += weight;
    bin.said += weight * (answers[row] as number);
    bin.hits += weight * (labels[row] as number);
  }
  return bins.reduce((sum, { said, hits }) => sum + Math.abs(said - hits), 0) / Math.max(1, all);
}
