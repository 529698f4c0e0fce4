import util from 'node:util';
import type { Adapter } from '../port.ts';
import { openNet, trainNet, type TensorFlow } from './layers-net.ts';

/**
 * The native build: for training and large batches. Needs `scripts/build-tfjs-native.sh`; throws what Node throws when the
 * binding is not there. Loaded on demand, because it brings 400 MB of TensorFlow.
 */
export async function nativeAdapter(): Promise<Adapter> {
  // tfjs-node calls two functions of util that Node has removed or warns about.
  const old = util as unknown as Record<string, unknown>;
  old['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  old['isArray'] = Array.isArray;
  // One thread: the machine has other work, and the sums come out in the same order each time.
  process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // The default export is the CommonJS module itself; its named exports cannot be seen from outside.
  const { default: whole } = (await import('@tensorflow/tfjs-node')) as unknown as {
    readonly default: TensorFlow['core'] & TensorFlow['layers'];
  };
  const tensorflow: TensorFlow = { core: whole, layers: whole };
  return { name: 'native', open: openNet(tensorflow), train: trainNet(tensorflow) };
}
