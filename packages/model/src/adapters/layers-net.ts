import type { Scalar, Tensor, Tensor2D, io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { assert } from '@skyeye/foundation';
import type { Adapter, TrainingOptions, TrainingSet, Weights } from '../port.ts';
import { mulberry32 } from '../random.ts';

/** The part of TensorFlow.js that both builds have. The adapter imports it; here it is an argument. */
export interface TensorFlow {
  readonly core: Pick<
    typeof import('@tensorflow/tfjs-core'),
    | 'tensor2d'
    | 'tensor1d'
    | 'tidy'
    | 'train'
    | 'gather'
    | 'mean'
    | 'mul'
    | 'add'
    | 'sub'
    | 'log'
    | 'sum'
    | 'oneHot'
    | 'clipByValue'
    | 'neg'
    | 'dispose'
    | 'scalar'
    | 'square'
  >;
  readonly layers: Pick<typeof import('@tensorflow/tfjs-layers'), 'input' | 'model' | 'layers' | 'loadLayersModel' | 'initializers'>;
}

/** Hidden units of the first nets; small, because the features do the work. */
const HIDDEN = [48, 24] as const;
const BATCH = 256;
const LEARNING_RATE = 2e-3;
/** Weight of the type head in the loss, and of the squared weights. */
const SCAM_LOSS = 0.3;
const DECAY = 1e-4;
const TINY = 1e-6;

export function openNet({ core, layers }: TensorFlow): Adapter['open'] {
  return async (weights) => {
    const artifacts: io.ModelArtifacts = {
      modelTopology: weights.topology,
      weightSpecs: weights.specs.map((spec) => ({ ...spec })),
      weightData: weights.data,
    };
    const net = await layers.loadLayersModel({ load: () => Promise.resolve(artifacts) });
    return {
      async run(batch, rows, width) {
        const outputs = core.tidy(() => {
          const out = net.predict(core.tensor2d(batch, [rows, width]));
          return Array.isArray(out) ? out : [out];
        });
        const read = await Promise.all(outputs.map((tensor) => tensor.data()));
        core.dispose(outputs);
        return read.map((values) => Float32Array.from(values));
      },
      dispose: () => {
        net.dispose();
      },
    };
  };
}

export function trainNet(tensorflow: TensorFlow): Adapter['train'] {
  return async (options) => {
    const { core } = tensorflow;
    const net = buildNet(tensorflow, options);
    const optimizer = core.train.adam(LEARNING_RATE);
    const random = mulberry32(options.seed);
    const count = options.train.labels.length;
    let best = { loss: Infinity, weights: await weightsOf(net), epoch: 0 };
    for (let epoch = 1; epoch <= options.epochsMax && epoch - best.epoch <= options.patience; epoch++) {
      const order = shuffled(count, random);
      let sum = 0;
      for (let from = 0; from < count; from += BATCH) {
        const part = subset(options.train, options.signature.inputs.length, order.subarray(from, from + BATCH));
        const loss = optimizer.minimize(() => lossOf(tensorflow, net, part, options), true);
        assert(loss !== null, 'the optimizer was asked for its loss');
        sum += (await loss.data())[0] ?? 0;
        loss.dispose();
      }
      const validation = await evaluate(tensorflow, net, options);
      options.onEpoch(epoch, sum / Math.ceil(count / BATCH), validation);
      if (validation < best.loss) best = { loss: validation, weights: await weightsOf(net), epoch };
    }
    net.dispose();
    optimizer.dispose();
    return best.weights;
  };
}

function buildNet({ layers: { input, model, layers, initializers } }: TensorFlow, { signature, seed }: TrainingOptions): LayersModel {
  const given = input({ shape: [signature.inputs.length] });
  let hidden = given;
  for (const [index, units] of HIDDEN.entries()) {
    hidden = layers
      .dense({ units, activation: 'relu', kernelInitializer: initializers.heNormal({ seed: seed + index }), name: `hidden_${index + 1}` })
      .apply(hidden) as typeof given;
  }
  const fraud = layers
    .dense({ units: 1, activation: 'sigmoid', kernelInitializer: initializers.glorotNormal({ seed: seed + 10 }), name: 'fraud' })
    .apply(hidden) as typeof given;
  if (signature.scams.length === 0) return model({ inputs: given, outputs: fraud });
  const scam = layers
    .dense({
      units: signature.scams.length,
      activation: 'softmax',
      kernelInitializer: initializers.glorotNormal({ seed: seed + 11 }),
      name: 'scam',
    })
    .apply(hidden) as typeof given;
  return model({ inputs: given, outputs: [fraud, scam] });
}

/** Weighted cross-entropy of both heads; the type head learns from rows that have a type. */
function lossOf({ core }: TensorFlow, net: LayersModel, part: TrainingSet, { signature }: TrainingOptions): Scalar {
  return core.tidy(() => {
    const rows = part.labels.length;
    const out = net.apply(core.tensor2d(part.rows, [rows, signature.inputs.length])) as Tensor | Tensor[];
    const [fraud, scam] = Array.isArray(out) ? out : [out];
    assert(fraud !== undefined, 'the net has a first head');
    const y = core.tensor2d(part.labels, [rows, 1]);
    const weight = core.tensor2d(part.weights, [rows, 1]);
    const p = core.clipByValue(fraud, TINY, 1 - TINY);
    const cross = core.neg(
      core.add(core.mul(y, core.log(p)), core.mul(core.sub(core.scalar(1), y), core.log(core.sub(core.scalar(1), p)))),
    );
    let loss: Tensor = core.mean(core.mul(weight, cross));
    if (scam !== undefined) {
      const typed = core.tensor2d(
        part.scams.map((index) => (index < 0 ? 0 : 1)),
        [rows, 1],
      ) as Tensor2D;
      const target = core.oneHot(
        core.tensor1d(
          part.scams.map((index) => Math.max(0, index)),
          'int32',
        ),
        signature.scams.length,
      );
      const wrong = core.neg(core.sum(core.mul(target, core.log(core.clipByValue(scam, TINY, 1))), 1, true));
      loss = core.add(loss, core.mul(core.scalar(SCAM_LOSS), core.mean(core.mul(typed, wrong))));
    }
    for (const layer of net.trainableWeights)
      if (layer.name.includes('kernel')) loss = core.add(loss, core.mul(core.scalar(DECAY), core.sum(core.square(layer.read()))));
    return loss as Scalar;
  });
}

async function evaluate(tensorflow: TensorFlow, net: LayersModel, options: TrainingOptions): Promise<number> {
  const loss = lossOf(tensorflow, net, options.validate, options);
  const [value = Number.NaN] = await loss.data();
  loss.dispose();
  return value;
}

async function weightsOf(net: LayersModel): Promise<Weights> {
  let kept: io.ModelArtifacts | undefined;
  await net.save({
    save: (artifacts) => {
      kept = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    },
  });
  const data = kept?.weightData;
  assert(kept?.weightSpecs !== undefined && data instanceof ArrayBuffer, 'the net gives its weights as one buffer');
  return {
    topology: kept.modelTopology as object,
    specs: kept.weightSpecs.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const })),
    data: data.slice(0),
  };
}

function subset(set: TrainingSet, width: number, indices: Int32Array): TrainingSet {
  const rows = new Float32Array(indices.length * width);
  for (const [at, index] of indices.entries()) rows.set(set.rows.subarray(index * width, (index + 1) * width), at * width);
  const pick = (index: number, from: Float32Array): number => from[index] ?? 0;
  return {
    rows,
    labels: Float32Array.from(indices, (index) => pick(index, set.labels)),
    weights: Float32Array.from(indices, (index) => pick(index, set.weights)),
    scams: indices.map((index) => set.scams[index] ?? -1),
  };
}

function shuffled(count: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const kept = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
