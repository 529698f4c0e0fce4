import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import { Checkpoints } from '@skyeye/scorer';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { Detector } from '@skyeye/detection';
import { loadCatalogue, loadPolicies, officialHolidays } from '@skyeye/catalogue';
import { LiveEngine } from '@skyeye/engine';
import { wholePlan } from '../bench/engine/county.ts';
import { simulatedCounty } from '../lib/simulated-county.ts';

/** A process on a small disk: fills it, and looks at what store, log and checkpoint make of it. Says what was wrong as one line of JSON. */
const folder = process.argv[2] ?? '';
const telemetry = silentTelemetry();
const store = createMemoryStore({ folder: join(folder, 'store'), telemetry });
const log = createEmbeddedLog({ folder: join(folder, 'stream'), telemetry });
const producer = log.producer();
const broken: string[] = [];
const { events } = simulatedCounty({ residents: 60, days: 1, eventsMax: 4_000 });
const engineOf = (): LiveEngine => new LiveEngine({ plan: wholePlan(), holidays: officialHolidays(), scope: 'all' });
const engine = engineOf();
const detector = new Detector({ catalogue: loadCatalogue(), policies: loadPolicies(), versions: { model: 'none', engine: 'fast' } });
const checkpoints = new Checkpoints(store);
const TEXT = 'x'.repeat(100_000);
/** More than what is free in pages that a file has already. */
const TRIES = 400;

const write = (label: number): Promise<unknown> =>
  checkpoints.write({
    engine,
    detector,
    closing: (last) => (last(), Promise.resolve({ positions: [], lastTickMs: label, detection: null })),
  });

/** Number of the newest checkpoint that can be read whole, and the events in it. */
async function newest(): Promise<string> {
  for await (const { state, parts } of new Checkpoints(store).newestFirst((error) => broken.push(`refused: ${String(error)}`))) {
    const restored = engineOf();
    for await (const part of parts()) if (part.kind !== 'persons') restored.take(part);
    return `${state.lastTickMs} with ${restored.stats().events} events`;
  }
  return 'none';
}

/** Does something until the disk says no. */
async function mustRefuse(what: string, code: string, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < TRIES; index++) {
    try {
      await work(index);
    } catch (error) {
      if (!(error instanceof SkyeyeError) || error.code !== code || handlingOf(error) !== 'retry')
        broken.push(`${what}: ${error instanceof SkyeyeError ? error.code : String(error)}, wanted ${code}`);
      return;
    }
  }
  broken.push(`${what}: nothing was refused`);
}

/** Takes all the room there is. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  for (const size of [1 << 20, 1 << 12])
    try {
      for (;;) writeSync(handle, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  closeSync(handle);
}

await log.createTopics([{ name: 'topic', partitions: 1 }]);
engine.ingest(events.slice(0, events.length >> 1));
const half = engine.stats().events;
await write(1);
engine.ingest(events.slice(events.length >> 1));
const filler = join(folder, 'filler');
fill(filler);
await mustRefuse('a checkpoint', 'STORE_DISK_FULL', () => write(2));
if ((await newest()) !== `1 with ${half} events`) broken.push(`the newest checkpoint is ${await newest()}, wanted 1 with ${half} events`);
await mustRefuse('a key', 'STORE_DISK_FULL', (index) => store.set(`key/${index}`, TEXT));
await mustRefuse('a message', 'STREAM_DISK_FULL', (index) => producer.send('topic', [{ key: String(index), value: TEXT }]));
rmSync(filler);
await store.set('after', 'there');
if ((await store.get('after')) !== 'there') broken.push('a key that was set with room again is not there');
await producer.send('topic', [{ key: 'after', value: 'there' }]);
await write(3);
const all = engine.stats().events;
if ((await newest()) !== `3 with ${all} events`) broken.push(`the newest checkpoint is ${await newest()}, wanted 3 with ${all} events`);
await producer.close();
await log.close();
await store.close();
process.stdout.write(`${JSON.stringify({ broken })}\n`);
