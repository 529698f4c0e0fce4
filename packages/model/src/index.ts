import type { Adapter } from './port.ts';

export { trainTrees, treeLogOdds, type BoostedTrees, type Tree, type TreesOptions, type TreesTraining } from './boosted-trees.ts';
export { calibrate, calibrationError, fitCalibration, type Calibration } from './calibration.ts';
export { errors as modelErrors } from './errors.ts';
export { modelDigest, readModelFiles, writeModelFiles, type GoldenRow, type ModelFiles } from './files.ts';
export { linearAnswers, trainLinear, type Linear, type LinearTraining } from './linear.ts';
export { goldenInputs, loadModel, openModel, type LoadOptions } from './load-model.ts';
export { plainAnswers, type PlainWeights } from './plain-weights.ts';
export { newReleaseKey, publicPartOf, releaseKeys, signModel } from './release-key.ts';
export {
  modelSignature,
  type Adapter,
  type Model,
  type ModelSignature,
  type Predictions,
  type TrainingOptions,
  type TrainingSet,
  type Weights,
} from './port.ts';

/** The adapter by name; loaded on demand, so that nobody pays for the one not used. */
export async function modelAdapter(name: Adapter['name']): Promise<Adapter> {
  return name === 'wasm'
    ? (await import('./adapters/tensorflow-wasm.ts')).wasmAdapter()
    : (await import('./adapters/tensorflow-native.ts')).nativeAdapter();
}
