import {
  openModel,
  trainLinear,
  trainTrees,
  type Adapter,
  type Linear,
  type Model,
  type ModelSignature,
  type PlainWeights,
  type TrainingSet,
  type Weights,
} from '@skyeye/model';

/** From the simplest to the least simple: within noise the first wins. */
export const LEARNERS = ['logistic', 'trees', 'net'] as const;
export type LearnerName = (typeof LEARNERS)[number];

export const LEARNER_SAYS: Readonly<Record<LearnerName, string>> = {
  logistic: 'logistic regression, evidence never negative, mitigation never positive',
  trees: 'boosted trees (120 of 12 leaves), the same constraints',
  net: 'dense net 48-24 (TensorFlow), without constraints: shown to compare, not released',
};

export interface Trained {
  readonly name: LearnerName;
  readonly model: Model;
  readonly weights: Weights | PlainWeights;
  readonly seconds: number;
}

export interface LearnerOptions {
  readonly signature: ModelSignature;
  readonly signs: Int8Array;
  readonly train: TrainingSet;
  /** Stops the net. */
  readonly fit: TrainingSet;
  readonly adapter: Adapter;
  readonly epochsMax: number;
  readonly seed: number;
}

const RIDGE = 1e-5;
const TYPE_RIDGE = 1e-4;

/** Trains one learner. Not calibrated yet. Cost: seconds for 20,000 rows; the net takes a minute. */
export async function trainLearner(name: LearnerName, options: LearnerOptions): Promise<Trained> {
  const startedMs = performance.now();
  const weights = name === 'net' ? await netOf(options) : plainOf(name, options);
  const model = await openModel(options.adapter, options.signature, weights);
  return { name, model, weights, seconds: (performance.now() - startedMs) / 1000 };
}

function netOf({ signature, train, fit, adapter, epochsMax, seed }: LearnerOptions): Promise<Weights> {
  return adapter.train({
    signature,
    train,
    validate: fit,
    epochsMax,
    patience: 3,
    seed,
    onEpoch: (epoch, trainLoss, validationLoss) => {
      console.log(`  epoch ${epoch}: loss ${trainLoss.toFixed(4)}, later ${validationLoss.toFixed(4)}`);
    },
  });
}

function plainOf(name: 'logistic' | 'trees', { signature, signs, train, seed }: LearnerOptions): PlainWeights {
  const width = signature.inputs.length;
  const { rows, labels, weights } = train;
  const types = typesOf(signature, train);
  if (name === 'logistic')
    return { kind: 'linear', trees: null, types, linear: trainLinear({ rows, width, labels, weights, outputs: 1, signs, ridge: RIDGE }) };
  const trees = trainTrees(
    { rows, width, labels, weights },
    { trees: 120, learningRate: 0.15, leavesMax: 12, leafWeightMin: 5, lambda: 2, rowShare: 0.8, inputShare: 0.4, seed, signs },
  );
  return { kind: 'trees', linear: null, types, trees };
}

/** The type is learned from those in a scam alone. */
function typesOf({ inputs, scams }: ModelSignature, train: TrainingSet): Linear | null {
  if (scams.length === 0) return null;
  const width = inputs.length;
  const typed = Array.from(train.scams, (type, row) => ({ type, row })).filter(({ type }) => type >= 0);
  const rows = new Float32Array(typed.length * width);
  for (const [at, { row }] of typed.entries()) rows.set(train.rows.subarray(row * width, (row + 1) * width), at * width);
  return trainLinear({
    rows,
    width,
    labels: typed.map(({ type }) => type),
    weights: typed.map(() => 1),
    outputs: scams.length,
    ridge: TYPE_RIDGE,
  });
}
