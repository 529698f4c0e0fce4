import { z } from 'zod';
import { treeLogOdds, type BoostedTrees } from './boosted-trees.ts';
import { linearAnswers, type Linear } from './linear.ts';
import type { ModelSignature, Predictions } from './port.ts';

/** A model as plain numbers: weighted sums or boosted trees for the probability, weighted sums for the type. */
export interface PlainWeights {
  readonly kind: 'linear' | 'trees';
  readonly linear: Linear | null;
  readonly trees: BoostedTrees | null;
  /** Null without a second head. */
  readonly types: Linear | null;
}

const linearForm = z.strictObject({ width: z.int().min(1), outputs: z.int().min(1).max(100), weights: z.array(z.number()) });
const treeForm = z
  .strictObject({
    input: z.array(z.int().min(-1)).min(1).max(4096),
    threshold: z.array(z.number()),
    unknownLeft: z.array(z.boolean()),
    left: z.array(z.int().min(0)),
    right: z.array(z.int().min(0)),
    value: z.array(z.number()),
  })
  .refine(
    ({ input, threshold, unknownLeft, left, right, value }) =>
      [threshold, unknownLeft, left, right, value].every(({ length }) => length === input.length) &&
      // Children come after their parent: a walk ends.
      input.every(
        (which, node) =>
          which < 0 || [left[node], right[node]].every((child) => child !== undefined && child > node && child < input.length),
      ),
    'a tree whose nodes do not fit',
  );
const treesForm = z.strictObject({ width: z.int().min(1), base: z.number(), trees: z.array(treeForm).max(5000) });

/** The form of `plain.json` for a signature: every size fits, every number is finite. */
export function plainForm({ inputs, scams }: ModelSignature): z.ZodType<PlainWeights> {
  const width = inputs.length;
  const fits = (linear: Linear | null, outputs: number): boolean =>
    linear === null || (linear.width === width && linear.outputs === outputs && linear.weights.length === outputs * (width + 1));
  return z
    .strictObject({
      kind: z.enum(['linear', 'trees']),
      linear: linearForm.nullable(),
      trees: treesForm.nullable(),
      types: linearForm.nullable(),
    })
    .refine(
      ({ kind, linear, trees, types }) =>
        (kind === 'linear' ? linear !== null && trees === null : trees !== null && linear === null) &&
        fits(linear, 1) &&
        fits(types, scams.length) &&
        (types !== null) === scams.length > 0 &&
        (trees === null || (trees.width === width && trees.trees.every(({ input }) => input.every((which) => which < width)))),
      'weights that do not fit the inputs and types of the signature',
    );
}

export const calibrationForm = z
  .strictObject({
    raw: z.array(z.number()).min(1).max(10_000),
    calibrated: z.array(z.number().min(0).max(1)),
    abstain: z.strictObject({ from: z.number().min(0).max(1), to: z.number().min(0).max(1) }).nullable(),
  })
  .refine(
    ({ raw, calibrated }) =>
      raw.length === calibrated.length &&
      raw.every((value, at) => at === 0 || value > (raw[at - 1] as number)) &&
      calibrated.every((value, at) => at === 0 || value >= (calibrated[at - 1] as number)),
    'points that do not rise',
  );

/** Before calibration. Cost: rows × inputs, and trees × depth. */
export function plainAnswers({ linear, trees, types }: PlainWeights, rows: Float32Array): Predictions {
  const probabilities =
    linear !== null
      ? linearAnswers(linear, rows)
      : Float32Array.from(trees === null ? [] : treeLogOdds(trees, rows), (odds) => 1 / (1 + Math.exp(-odds)));
  return { probabilities, scams: types === null ? new Float32Array(0) : linearAnswers(types, rows) };
}
