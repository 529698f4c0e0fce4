import { loadCatalogue } from '@skyeye/catalogue';
import { inputSignature, inputSigns } from '@skyeye/detection';
import { assert } from '@skyeye/foundation';
import type { Label } from '@skyeye/learning';
import {
  fitCalibration,
  openModel,
  type Adapter,
  type Calibration,
  type GoldenRow,
  type Model,
  type ModelSignature,
  type PlainWeights,
  type TrainingSet,
  type Weights,
} from '@skyeye/model';
import { SCAM_NAMES } from '../train/collect.ts';
import { trainLearner } from '../train/learners.ts';
import type { Judgement } from './stored-days.ts';

/** A judgement that a label speaks of. */
export interface Labelled extends Judgement {
  readonly fraud: boolean;
  readonly scam: string | null;
  readonly weight: number;
}

/** Who has no label and no case after this long was probably none; it counts little, for nobody looked. */
const PRESUMED_WEIGHT = 0.2;
/** Presumed ones at most for each labelled judgement. */
const PRESUMED_PER_LABEL = 3;
/** Newest share of the labelled time that chooses and calibrates. */
const FIT_SHARE = 0.3;
const AFTER_MS = 30 * 60_000;
const GOLDEN_ROWS = 12;

/**
 * Judgements with their labels: each within what its label speaks of. Of persons without any, judgements older than the delay are
 * presumed to be none, since no case was filed. Deterministic.
 */
export function labelledOf(
  judgements: readonly Judgement[],
  labels: readonly Label[],
  { nowMs, delayMs }: { readonly nowMs: number; readonly delayMs: number },
): Labelled[] {
  const byPerson = Map.groupBy(labels, ({ person }) => person);
  const own: Labelled[] = [];
  const presumed: Labelled[] = [];
  for (const judgement of judgements) {
    const said = byPerson.get(judgement.person);
    const label = said?.find(({ fromMs, untilMs }) => judgement.t >= fromMs && judgement.t <= untilMs + AFTER_MS);
    if (label !== undefined) own.push({ ...judgement, fraud: label.fraud, scam: label.scam, weight: label.weight });
    else if (said === undefined && judgement.t < nowMs - delayMs)
      presumed.push({ ...judgement, fraud: false, scam: null, weight: PRESUMED_WEIGHT });
  }
  const every = Math.max(1, Math.ceil(presumed.length / Math.max(1, own.length * PRESUMED_PER_LABEL)));
  return [...own, ...presumed.filter((_, index) => index % every === 0)].toSorted((a, b) => a.t - b.t || (a.person < b.person ? -1 : 1));
}

export interface Candidate {
  readonly signature: ModelSignature;
  readonly weights: Weights | PlainWeights;
  readonly calibration: Calibration;
  readonly golden: readonly GoldenRow[];
  /** Log loss on the newest labelled days, weighed, of the candidate and of the model that decides. */
  readonly loss: number;
  readonly championLoss: number;
  readonly trained: number;
  readonly fitted: number;
}

/** Trains boosted trees like the released model's, calibrates on the newest labelled days, and compares with it there. */
export async function trainCandidate(
  labelled: readonly Labelled[],
  {
    champion,
    adapter,
    version,
    seed,
  }: { readonly champion: Model; readonly adapter: Adapter; readonly version: string; readonly seed: number },
): Promise<Candidate> {
  const catalogue = loadCatalogue();
  const all = inputSignature(catalogue);
  const { inputs, scams } = champion.signature;
  const places = inputs.map((name) => all.inputs.indexOf(name));
  assert(
    places.every((place) => place >= 0),
    'the model that decides was loaded with the inputs that detection gives',
  );
  const cut = Math.floor(labelled.length * (1 - FIT_SHARE));
  const [train, fit] = [setOf(labelled.slice(0, cut), places), setOf(labelled.slice(cut), places)];
  const { lossHourFen: _, ...rest } = champion.signature;
  const signature: ModelSignature = {
    ...rest,
    version,
    kind: 'plain',
    calibrated: true,
    catalogue: catalogue.version,
    ...(champion.signature.lossHourFen === undefined ? {} : { lossHourFen: champion.signature.lossHourFen }),
  };
  const { weights, model } = await trainLearner('trees', {
    signature,
    signs: inputSigns(catalogue, inputs, 'person'),
    train,
    fit,
    adapter,
    epochsMax: 1,
    seed,
  });
  const calibration = fitCalibration((await model.predict(fit.rows)).probabilities, fit.labels);
  model.dispose();
  const calibrated = await openModel(adapter, signature, weights, calibration);
  const said = await calibrated.predict(fit.rows);
  // Fed with what detection gives, it takes its own inputs out of it.
  const before = await champion.predict(
    rowsOf(
      labelled.slice(cut),
      all.inputs.map((_, at) => at),
    ),
  );
  const golden = Array.from({ length: Math.min(GOLDEN_ROWS, fit.labels.length) }, (_, step): GoldenRow => {
    const row = Math.floor((step * (fit.labels.length - 1)) / (GOLDEN_ROWS - 1));
    const given = inputs.flatMap((name, at) =>
      fit.rows[row * inputs.length + at] === 0 ? [] : [[name, fit.rows[row * inputs.length + at] ?? 0] as const],
    );
    return {
      says: fit.labels[row] === 1 ? 'fraud' : 'none',
      inputs: Object.fromEntries(given),
      probability: said.probabilities[row] ?? 0,
      scams: [...said.scams.subarray(row * scams.length, (row + 1) * scams.length)],
    };
  });
  calibrated.dispose();
  return {
    signature,
    weights,
    calibration,
    golden,
    loss: logLoss(said.probabilities, fit),
    championLoss: logLoss(before.probabilities, fit),
    trained: train.labels.length,
    fitted: fit.labels.length,
  };
}

function rowsOf(labelled: readonly Labelled[], places: readonly number[]): Float32Array {
  const rows = new Float32Array(labelled.length * places.length);
  for (const [index, { row }] of labelled.entries())
    for (const [at, place] of places.entries()) rows[index * places.length + at] = row[place] ?? 0;
  return rows;
}

function setOf(labelled: readonly Labelled[], places: readonly number[]): TrainingSet {
  return {
    rows: rowsOf(labelled, places),
    labels: Float32Array.from(labelled, ({ fraud }) => Number(fraud)),
    weights: Float32Array.from(labelled, ({ weight }) => weight),
    scams: Int32Array.from(labelled, ({ fraud, scam }) => (fraud && scam !== null ? SCAM_NAMES.findIndex((name) => name === scam) : -1)),
  };
}

function logLoss(answers: Float32Array, { labels, weights }: TrainingSet): number {
  const tiny = 1e-4;
  let [sum, whole] = [0, 0];
  for (const [row, answer] of answers.entries()) {
    const p = Math.min(1 - tiny, Math.max(tiny, labels[row] === 1 ? answer : 1 - answer));
    sum -= (weights[row] ?? 0) * Math.log(p);
    whole += weights[row] ?? 0;
  }
  return sum / Math.max(whole, tiny);
}
