import { join } from 'node:path';
import { openModel, signModel, writeModelFiles, type Adapter, type ModelSignature, type PlainWeights } from '@skyeye/model';
import type { Offer } from '../model-slot.ts';

export interface SumModel {
  readonly version: string;
  readonly weights: readonly number[];
  readonly inputs?: readonly string[];
  readonly transform?: string;
  readonly abstain?: { readonly from: number; readonly to: number } | null;
  /** Private key; null: nobody signs. */
  readonly privateKey: string | null;
}

/** Writes `<root>/person/<version>`: a model that adds up its inputs with these weights. */
export async function sumModel(
  adapter: Adapter,
  root: string,
  { version, weights, inputs = ['a', 'b'], transform = 'plain', abstain = null, privateKey }: SumModel,
): Promise<Offer> {
  const folder = join(root, 'person', version);
  const signature: ModelSignature = {
    name: 'person',
    version,
    transform,
    inputs: [...inputs],
    scams: [],
    catalogue: 'none',
    kind: 'plain',
    calibrated: true,
  };
  const plain: PlainWeights = {
    kind: 'linear',
    linear: { width: inputs.length, outputs: 1, weights: [...weights] },
    trees: null,
    types: null,
  };
  const calibration = { raw: [0, 1], calibrated: [0, 1], abstain };
  const opened = await openModel(adapter, signature, plain, calibration);
  const { probabilities } = await opened.predict(new Float32Array(inputs.length));
  await writeModelFiles(
    folder,
    { signature, weights: plain, calibration, golden: [{ says: 'nothing', inputs: {}, probability: probabilities[0] ?? 0, scams: [] }] },
    `# person/${version}\n`,
  );
  if (privateKey !== null) await signModel(folder, privateKey);
  return { folder, id: `person/${version}` };
}
