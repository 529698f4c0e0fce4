import { modelAdapter, openModel, trainTrees, treeLogOdds, type TrainingSet, type TreesOptions } from '@skyeye/model';
import { Chance } from './chance.ts';
import { fitLogistic } from './logistic.ts';
import { Scaler } from './scaler.ts';

/** What a learner gets: rows in order of time. */
export interface Examples {
  readonly rows: Float32Array;
  readonly labels: Uint8Array;
}

export interface LearnerOptions {
  readonly names: readonly string[];
  readonly seed: number;
}

/** Learns from the training rows and gives the log-odds of the test rows. */
export type Learner = (train: Examples, test: Float32Array, options: LearnerOptions) => Promise<Float64Array>;

const TREES: Omit<TreesOptions, 'seed'> = {
  trees: 150,
  learningRate: 0.05,
  leavesMax: 10,
  leafWeightMin: 2,
  lambda: 3,
  rowShare: 0.7,
  inputShare: 0.4,
};
/** Ensembles of one kind with different seeds, averaged: a week of frauds is little, and chance shows. */
const FORESTS = 4;
const NETS = 2;
const NET_EPOCHS = 25;
const NET_PATIENCE = 4;
/** The net's stopping is judged by the last of the training rows. */
const NET_VALIDATION_SHARE = 0.2;

const trees: Learner = ({ rows, labels }, test, { names, seed }) => {
  const sum = new Float64Array(test.length / names.length);
  for (let forest = 0; forest < FORESTS; forest++) {
    const model = trainTrees({ rows, width: names.length, labels }, { ...TREES, seed: seed * 1000 + forest });
    for (const [row, odds] of treeLogOdds(model, test).entries()) sum[row] = (sum[row] as number) + odds / FORESTS;
  }
  return Promise.resolve(sum);
};

const logistic: Learner = ({ rows, labels }, test, { names }) => {
  const scaler = new Scaler(rows, names.length);
  return Promise.resolve(fitLogistic(scaler.scaled(rows), labels).logOdds(scaler.scaled(test)));
};

const net: Learner = async ({ rows, labels }, test, { names, seed }) => {
  const scaler = new Scaler(rows, names.length);
  const scaled = scaler.scaled(rows);
  const held = Math.floor(labels.length * (1 - NET_VALIDATION_SHARE));
  const adapter = await modelAdapter('wasm');
  const set = (from: number, to: number, random: Chance): TrainingSet => thinned(scaled, scaler.width, labels, from, to, random);
  const signature = {
    name: 'labelled',
    version: '1',
    transform: 'scaled',
    inputs: Array.from({ length: scaler.width }, (_, index) => `i${index}`),
    scams: [],
    catalogue: 'mapping',
  };
  const given = scaler.scaled(test);
  const sum = new Float64Array(test.length / names.length);
  for (let one = 0; one < NETS; one++) {
    const random = new Chance(seed * 1000 + one);
    const weights = await adapter.train({
      signature,
      train: set(0, held, random),
      validate: set(held, labels.length, random),
      epochsMax: NET_EPOCHS,
      patience: NET_PATIENCE,
      seed: seed * 1000 + one,
      onEpoch: () => {},
    });
    const model = await openModel(adapter, signature, weights);
    for (let from = 0; from < sum.length; from += BATCH) {
      const { probabilities } = await model.predict(given.subarray(from * scaler.width, Math.min(sum.length, from + BATCH) * scaler.width));
      for (const [index, p] of probabilities.entries()) sum[from + index] = (sum[from + index] as number) + oddsOf(p) / NETS;
    }
    model.dispose();
  }
  return sum;
};

/** All frauds, and each genuine row with a chance of one in `GENUINE_PER`, which counts as many. */
function thinned(rows: Float32Array, width: number, labels: Uint8Array, from: number, to: number, random: Chance): TrainingSet {
  const kept: number[] = [];
  for (let row = from; row < to; row++) if (labels[row] === 1 || random.below(GENUINE_PER) === 0) kept.push(row);
  const out = new Float32Array(kept.length * width);
  for (const [at, row] of kept.entries()) out.set(rows.subarray(row * width, (row + 1) * width), at * width);
  return {
    rows: out,
    labels: Float32Array.from(kept, (row) => labels[row] as number),
    scams: new Int32Array(kept.length).fill(-1),
    weights: Float32Array.from(kept, (row) => (labels[row] === 1 ? 1 : GENUINE_PER)),
  };
}

const GENUINE_PER = 5;
const BATCH = 8192;
const TINY = 1e-7;

function oddsOf(probability: number): number {
  const p = Math.min(1 - TINY, Math.max(TINY, probability));
  return Math.log(p / (1 - p));
}

export const LEARNERS = { logistic, trees, net } as const;
export type LearnerName = keyof typeof LEARNERS;

/** What is compared: each alone, and means of log-odds. The first is taken where there are no earlier weeks to choose by. */
export const CANDIDATES: readonly (readonly LearnerName[])[] = [
  ['trees'],
  ['logistic'],
  ['net'],
  ['trees', 'net'],
  ['logistic', 'trees', 'net'],
];

/** The mean of several learners' log-odds. */
export function together(answers: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0)] = answers;
  return first.map((_, row) => answers.reduce((sum, odds) => sum + (odds[row] as number), 0) / answers.length);
}
