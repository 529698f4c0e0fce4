import { assert } from '@skyeye/foundation';
import { errors } from './errors.ts';
import { readModelFiles, type GoldenRow } from './files.ts';
import type { Adapter, Model, ModelSignature, Predictions, Weights } from './port.ts';

export interface LoadOptions {
  readonly adapter: Adapter;
  /** What the caller feeds. Left out by tools that only look at the model. */
  readonly expects?: { readonly transform: string; readonly inputs: readonly string[] };
}

/** Largest difference to a golden answer: float32 sums in another order. */
const GOLDEN_TOLERANCE = 1e-5;
const ROWS_MAX = 65_536;

/**
 * Loads `models/<name>/<version>/`, verified: checksums, form, finite weights, the same inputs as the caller's, and the golden
 * rows. What loads, answers as it did when it was signed off.
 * @throws MODEL_* with the reason
 */
export async function loadModel(folder: string, { adapter, expects }: LoadOptions): Promise<Model> {
  const { signature, weights, golden } = await readModelFiles(folder);
  if (expects !== undefined) mustBeFedBy(signature, expects);
  const model = await openModel(adapter, signature, weights);
  await mustAnswerAsBefore(model, golden);
  return model;
}

/** A model of weights that are in memory: after training, before they are written. */
export async function openModel(adapter: Adapter, signature: ModelSignature, weights: Weights): Promise<Model> {
  let net: Awaited<ReturnType<Adapter['open']>>;
  try {
    net = await adapter.open(weights);
  } catch (error) {
    throw errors.malformed({ file: 'topology.json', reason: 'TensorFlow refuses it' }, error);
  }
  const width = signature.inputs.length;
  return {
    id: `${signature.name}/${signature.version}`,
    signature,
    async predict(batch): Promise<Predictions> {
      const rows = batch.length / width;
      if (!Number.isInteger(rows) || rows > ROWS_MAX) throw errors.batchInvalid({ length: batch.length, width, rowsMax: ROWS_MAX });
      if (rows === 0) return { probabilities: new Float32Array(0), scams: new Float32Array(0) };
      // wasm's relu turns NaN into 0 and would answer; native would not. Neither is asked.
      const unknown = batch.findIndex((value) => !Number.isFinite(value));
      if (unknown >= 0) throw errors.batchInvalid({ row: Math.floor(unknown / width), input: signature.inputs[unknown % width] });
      const [probabilities, scams = new Float32Array(0)] = await net.run(batch, rows, width);
      if (probabilities?.length !== rows || scams.length !== rows * signature.scams.length)
        throw errors.answerInvalid({ rows, answers: probabilities?.length, scams: scams.length });
      const wrong = probabilities.findIndex((value) => !(value >= 0 && value <= 1));
      if (wrong >= 0) throw errors.answerInvalid({ row: wrong });
      return { probabilities, scams };
    },
    dispose: () => {
      net.dispose();
    },
  };
}

function mustBeFedBy(signature: ModelSignature, expects: Required<LoadOptions>['expects']): void {
  if (signature.transform !== expects.transform) throw errors.foreign({ transform: signature.transform, expected: expects.transform });
  const at = signature.inputs.findIndex((name, index) => name !== expects.inputs[index]);
  if (at >= 0 || signature.inputs.length !== expects.inputs.length) {
    throw errors.foreign({
      inputs: signature.inputs.length,
      expected: expects.inputs.length,
      first: signature.inputs[at],
      expectedFirst: expects.inputs[at],
    });
  }
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
