import { ManualClock } from '@skyeye/foundation';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog } from '@skyeye/stream';
import { createTelemetry } from '@skyeye/telemetry';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '../index.ts';
import { scoringOf } from './case.ts';

/** A scorer in a process of its own, so that a test can kill it. Says `up`, then `done` when nothing is left to read. */
const folder = process.argv[2] ?? '';
const telemetry = createTelemetry({ service: 'scorer', level: 'silent' });
const log = createEmbeddedLog({ folder: `${folder}/log`, telemetry });
const store = createMemoryStore({ folder: `${folder}/store`, telemetry });
const scorer = await app({
  log, store, telemetry,
  // County time stands still, so that minute clocks do not depend on when the process was killed.
  clock: new ManualClock(0),
  wallNowMs: () => 1_000,
  scoring: () => scoringOf({ telemetry }),
  seal: () => '',
  serviceKey: 'a key of sixteen and more',
  host: '127.0.0.1', port: 0,
  checkpointEveryMs: 40,
  batchMax: 5,
});
process.stdout.write('up\n');
while ((await scorer.lag()) > 0) await sleep(20);
await scorer.stop();
await store.close();
await log.close();
process.stdout.write('done\n');
