import { clusterOptions, portOption } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

const { kafka, redisUrl, keyFolder, serviceKey, host, checkpointSeconds, logLevel } = clusterOptions;

/** Options of the scorer as a process of its own (cluster profile). */
export const options = optionTable({
  kafka,
  redisUrl,
  keyFolder,
  serviceKey,
  host: { ...host, says: 'address of the private port; nobody but the bank gateway needs to reach it' },
  port: portOption(8610),
  checkpointSeconds,
  model: {
    type: z.enum(['wasm', 'native'], 'one of wasm, native').default('wasm'),
    says: 'TensorFlow adapter of the model; native needs scripts/build-tfjs-native.sh',
    range: 'wasm|native',
  },
  logLevel,
});
