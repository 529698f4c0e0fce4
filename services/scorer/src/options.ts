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
  memoryMb: {
    type: z.coerce.number({ error: 'not a number' }).min(64, 'below 64').max(1_048_576, 'above 1048576').default(1_048_576),
    says: 'ceiling of the engine, MiB; past it events wait on the log. Reference records as objects are not in it: a process with a million keys held 650 MB more',
    range: '64..1048576',
  },
  keyEventsMax: {
    type: z.coerce
      .number({ error: 'not a number' })
      .int('not whole')
      .min(16, 'below 16')
      .max(10_000_000, 'above 10000000')
      .default(100_000),
    says: 'events held of one stream of one key; past it the oldest are counted together, and values that reach there say that they are approximate',
    range: '16..10000000',
  },
  visitsPerDay: {
    type: z.coerce.number({ error: 'not a number' }).positive('not above 0').max(100_000, 'above 100000').optional(),
    says: 'how many P1 and P2 the county can visit a day, about 15 for half a million people; none unless told: every case is sent',
    range: '0.1..100000',
  },
  models: {
    type: z.string().min(1).optional(),
    says: 'folder in which <name>/<version> of promoted models lie; that of this release unless told',
    range: '<folder>',
  },
  challenger: {
    type: z.string().min(1).optional(),
    says: 'folder of a model that watches beside the one that decides; it decides nothing and need not be signed',
    range: '<folder>',
  },
  logLevel,
});
