import { ManualClock } from '@skyeye/foundation';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog } from '@skyeye/stream';
import { createTelemetry } from '@skyeye/telemetry';
import { masterKeyFrom, quarantineSealer, tokenizer } from '@skyeye/vault';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '../index.ts';

/** Ingest in a process of its own, so that a test can kill it. Says `up`, then `done` when nothing is left to read. */
const folder = process.argv[2] ?? '';
const telemetry = createTelemetry({ service: 'ingest', level: 'silent' });
const master = masterKeyFrom(new Uint8Array(32).fill(7));
const log = createEmbeddedLog({ folder: `${folder}/log`, telemetry });
const store = createMemoryStore({ folder: `${folder}/store`, telemetry });
const ingest = await app({
  log, store, telemetry, batchMax: 20,
  clock: new ManualClock(Date.UTC(2026, 8, 16, 2)),
  wallNowMs: () => 1_000,
  tokenizer: tokenizer(master),
  sealer: quarantineSealer(master),
  // A vault that takes its time, so that a kill finds a batch half done.
  vault: { remember: async () => void (await sleep(4)), close: () => Promise.resolve() },
});
process.stdout.write('up\n');
const topics = (await log.admin.topics()).map(({ name }) => name).filter((name) => name.startsWith('raw.'));
const lag = async (): Promise<number> => {
  const parts = [...(await log.admin.lag('ingest', topics.filter((name) => name !== 'raw.reference'))), ...(await log.admin.lag('ingest-reference', ['raw.reference']))];
  return parts.reduce((sum, part) => sum + part.lag, 0);
};
while ((await lag()) > 0) await sleep(20);
await ingest.stop();
await store.close();
await log.close();
process.stdout.write('done\n');
