import { openParts, valuesOf } from '@skyeye/cluster';
import { quarantineSealer, tokenizer } from '@skyeye/vault';
import { app } from './app.ts';
import { options } from './options.ts';

const { kafka, redisUrl, vaultWriterUrl, keyFolder, host, healthPort, logLevel } = valuesOf(options, 'ingest');
const parts = openParts('ingest', { logLevel });
await parts.health({ host, port: healthPort });
const log = parts.log(kafka);
const master = await parts.master(keyFolder);
const ingest = await app({
  log,
  store: await parts.store(redisUrl),
  telemetry: parts.telemetry,
  clock: await parts.countyClock(log),
  wallNowMs: parts.wallNowMs,
  tokenizer: tokenizer(master),
  vault: parts.vaultWriter(vaultWriterUrl, master),
  sealer: quarantineSealer(master),
});
parts.runUntilSignal({ failed: ingest.finished, stop: () => ingest.stop() });
