import { openParts, valuesOf } from '@skyeye/cluster';
import { quarantineSealer } from '@skyeye/vault';
import { app } from './app.ts';
import { composeScoring } from './compose.ts';
import { options } from './options.ts';

const values = valuesOf(options, 'scorer');
const { kafka, redisUrl, keyFolder, serviceKey, host, port, checkpointSeconds, logLevel, memoryMb, model } = values;
const parts = openParts('scorer', { logLevel });
const { telemetry, wallNowMs } = parts;
const log = parts.log(kafka);
const sealer = quarantineSealer(await parts.master(keyFolder));
const scorer = await app({
  log,
  store: await parts.store(redisUrl),
  telemetry,
  clock: await parts.countyClock(log),
  wallNowMs,
  seal: (bytes, id) => sealer.seal(bytes, id),
  serviceKey,
  host,
  port,
  checkpointEveryMs: checkpointSeconds * 1_000,
  scoring: await composeScoring({
    telemetry,
    adapter: model,
    bytesMax: memoryMb * 1024 * 1024,
    keyEventsMax: values.keyEventsMax,
    visitsPerDay: values.visitsPerDay,
    models: values.models,
    challenger: values.challenger,
  }),
});
parts.runUntilSignal({ failed: scorer.finished, stop: () => scorer.stop() });
