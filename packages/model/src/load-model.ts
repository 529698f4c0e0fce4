import { assert } from '@skyeye/foundation';
import { calibrate, type Calibration } from './calibration.ts';
import { errors } from './errors.ts';
import { modelDigest, readModelFiles, type GoldenRow } from './files.ts';
import { plainAnswers, type PlainWeights } from './plain-weights.ts';
import type { Adapter, Model, ModelSignature, Predictions, Weights } from './port.ts';

export interface LoadOptions {
  readonly adapter: Adapter;
  /** What the caller feeds; the model takes its own inputs out of it. Left out by tools that only look at the model. */
  readonly expects?: { readonly transform: string; readonly inputs: readonly string[] };
  /** `<name>/<version>` that the folder must hold: a folder that was swapped is refused. */
  readonly id?: string;
  /** What {@link modelDigest} of the folder must give: what was approved is what is loaded. */
  readonly digest?: string;
  /** Public keys in PEM, one of which must have signed. Left out: not asked. */
  readonly keys?: readonly string[];
}

/** Largest difference to a golden answer: float32 sums in another order. */
const GOLDEN_TOLERANCE = 1e-5;
const ROWS_MAX = 65_536;
/** Inputs named in a refusal; the count says how many more. */
const UNKNOWN_SHOWN = 30;

/**
 * Loads `models/<name>/<version>/`, verified: signature, checksums, form, finite weights, inputs that the caller has, and the
 * golden rows. What loads, answers as it did when it was signed off.
 * @throws MODEL_* with the reason
 */
export async function loadModel(folder: string, { adapter, expects, id, digest, keys }: LoadOptions): Promise<Model> {
  const { signature, weights, golden, calibration } = await readModelFiles(folder, keys === undefined ? {} : { keys });
  if (id !== undefined && id !== `${signature.name}/${signature.version}`)
    throw errors.foreign({ id: `${signature.name}/${signature.version}`, expected: id });
  const has = await modelDigest(folder);
  if (digest !== undefined && has !== digest) throw errors.foreign({ digest: has, expected: digest });
  const places = expects === undefined ? null : placesIn(signature, expects);
  const model = await openModel(adapter, signature, weights, calibration);
  await mustAnswerAsBefore(model, golden);
  return expects === undefined || places === null ? model : fed(model, places, expects.inputs.length);
}

/** A model of weights that are in memory: after training, before they are written. */
export async function openModel(
  adapter: Adapter,
  signature: ModelSignature,
  weights: Weights | PlainWeights,
  calibration: Calibration | null = null,
): Promise<Model> {
  const net = 'kind' in weights ? null : await openNet(adapter, weights);
  const width = signature.inputs.length;
  const answersOf = async (batch: Float32Array, rows: number): Promise<Predictions> => {
    if ('kind' in weights) return plainAnswers(weights, batch);
    const [probabilities, scams] = (await net?.run(batch, rows, width)) ?? [];
    return { probabilities: probabilities ?? new Float32Array(0), scams: scams ?? new Float32Array(0) };
  };
  return {
    id: `${signature.name}/${signature.version}`,
    signature,
    abstain: calibration?.abstain ?? null,
    async predict(batch): Promise<Predictions> {
      const rows = batch.length / width;
      if (!Number.isInteger(rows) || rows > ROWS_MAX) throw errors.batchInvalid({ length: batch.length, width, rowsMax: ROWS_MAX });
      if (rows === 0) return { probabilities: new Float32Array(0), scams: new Float32Array(0) };
      // wasm's relu turns NaN into 0 and would answer; native would not. Neither is asked.
      const unknown = batch.findIndex((value) => !Number.isFinite(value));
      if (unknown >= 0) throw errors.batchInvalid({ row: Math.floor(unknown / width), input: signature.inputs[unknown % width] });
      const { probabilities, scams } = await answersOf(batch, rows);
      if (probabilities.length !== rows || scams.length !== rows * signature.scams.length)
        throw errors.answerInvalid({ rows, answers: probabilities.length, scams: scams.length });
      const wrong = probabilities.findIndex((value) => !(value >= 0 && value <= 1));
      if (wrong >= 0) throw errors.answerInvalid({ row: wrong });
      const said = calibration === null ? probabilities : probabilities.map((value) => calibrate(calibration, value));
      return { probabilities: said, scams, ...lossesOf(signature, said, scams) };
    },
    dispose: () => {
      net?.dispose();
    },
  };
}

function lossesOf(
  { lossHourFen, scams: names }: ModelSignature,
  probabilities: Float32Array,
  scams: Float32Array,
): Pick<Predictions, 'lossHourFen'> {
  if (lossHourFen === undefined) return {};
  return {
    lossHourFen: probabilities.map((probability, row) =>
      lossHourFen.reduce((sum, fen, type) => sum + probability * fen * (scams[row * names.length + type] ?? 0), 0),
    ),
  };
}

async function openNet(adapter: Adapter, weights: Weights): ReturnType<Adapter['open']> {
  try {
    return await adapter.open(weights);
  } catch (error) {
    throw errors.malformed({ file: 'topology.json', reason: 'TensorFlow refuses it' }, error);
  }
}

/** Where each input of the model lies in what the caller feeds. Features may be added or moved; one that is missing is not guessed. */
function placesIn(signature: ModelSignature, expects: Required<LoadOptions>['expects']): Int32Array {
  if (signature.transform !== expects.transform) throw errors.foreign({ transform: signature.transform, expected: expects.transform });
  const places = new Map(expects.inputs.map((name, at) => [name, at]));
  const unknown = signature.inputs.filter((name) => !places.has(name));
  if (unknown.length > 0) throw errors.foreign({ unknown: unknown.length, inputs: unknown.slice(0, UNKNOWN_SHOWN).join(' ') });
  return Int32Array.from(signature.inputs, (name) => places.get(name) ?? -1);
}

function fed(model: Model, places: Int32Array, width: number): Model {
  if (places.length === width && places.every((place, at) => place === at)) return model;
  return {
    ...model,
    predict: async (batch) => {
      const rows = batch.length / width;
      if (!Number.isInteger(rows)) throw errors.batchInvalid({ length: batch.length, width, rowsMax: ROWS_MAX });
      const own = new Float32Array(rows * places.length);
      for (let row = 0, next = 0; row < rows; row++) for (const place of places) own[next++] = batch[row * width + place] as number;
      return model.predict(own);
    },
  };
}

/** A golden row as the model takes it. */
export function goldenInputs({ inputs }: ModelSignature, row: Pick<GoldenRow, 'inputs'>): Float32Array {
  return Float32Array.from(inputs, (name) => row.inputs[name] ?? 0);
}

async function mustAnswerAsBefore(model: Model, golden: readonly GoldenRow[]): Promise<void> {
  const width = model.signature.inputs.length;
  const batch = new Float32Array(golden.length * width);
  for (const [index, row] of golden.entries()) batch.set(goldenInputs(model.signature, row), index * width);
  const { probabilities, scams } = await model.predict(batch);
  for (const [index, row] of golden.entries()) {
    const probability = probabilities[index];
    assert(probability !== undefined, 'one answer per row');
    const off = Math.max(
      Math.abs(probability - row.probability),
      ...row.scams.map((share, type) => Math.abs(share - (scams[index * model.signature.scams.length + type] ?? 0))),
    );
    if (!(off <= GOLDEN_TOLERANCE)) {
      model.dispose();
      throw errors.goldenWrong({ row: row.says, off });
    }
  }
}
