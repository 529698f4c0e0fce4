import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTelemetry, type LogLevel, type Telemetry } from '@skyeye/telemetry';
import { AnchoredClock, type ClockAnchor } from '@skyeye/foundation';
import { app as ingest } from '@skyeye/ingest';
import { rawTopic, STREAM_NAMES } from '@skyeye/contracts';
import { app as scorer, composeScoring, type Scorer } from '@skyeye/scorer';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog } from '@skyeye/stream';
import { loadOrCreateMasterKey, quarantineSealer, tokenizer, vaultWriter } from '@skyeye/vault';
import { LogFile } from '../log-file.ts';
import { runRoom, type Facts } from '../room.ts';

/** What the main thread gives to the engine room. */
export interface EngineRoomData {
  readonly folder: string;
  readonly anchor: ClockAnchor;
  readonly vaultWriterUrl: string;
  readonly serviceKey: string;
  readonly logLevel: LogLevel;
  /** Ceiling of the engine, bytes, and of the events of one stream of one key. */
  readonly bytesMax: number;
  readonly keyEventsMax: number;
  /** Undefined: no budget. */
  readonly visitsPerDay: number | undefined;
  /** Undefined: the release's. */
  readonly models: string | undefined;
  /** Undefined: none unless the command centre names one. */
  readonly challenger: string | undefined;
  /** How long what is on the way is waited for when the room is told to stop, wall ms. */
  readonly drainMs: number;
}

/** What the main thread tells the engine room. */
export type ToEngineRoom = { readonly type: 'anchor'; readonly anchor: ClockAnchor } | { readonly type: 'settle' };

const LIVE_TOPICS: readonly string[] = STREAM_NAMES.map(rawTopic);

const wallNowMs = (): number => Date.now();

await runRoom<EngineRoomData>(async (data, say, hear) => {
  const { folder, anchor, vaultWriterUrl, serviceKey, logLevel, visitsPerDay, models, challenger, drainMs, bytesMax, keyEventsMax } = data;
  const destination = new LogFile(join(folder, 'log', 'engine-room.log'));
  const telemetry: Telemetry[] = [];
  const telemetryOf = (service: string): Telemetry => {
    const made = createTelemetry({ service, level: logLevel, destination });
    telemetry.push(made);
    return made;
  };
  const clock = new AnchoredClock(anchor, wallNowMs);
  const log = createEmbeddedLog({ folder: join(folder, 'stream'), telemetry: telemetryOf('stream') });
  const store = createMemoryStore({ folder: join(folder, 'store'), telemetry: telemetryOf('store') });
  const master = await loadOrCreateMasterKey(join(folder, 'keys'));
  const vault = vaultWriter({ url: vaultWriterUrl, master });
  const sealer = quarantineSealer(master);
  const scorerTelemetry = telemetryOf('scorer');
  const ingestTelemetry = telemetryOf('ingest');
  const open = async () => {
    // Said before the first long piece of work, so that the console has it while the thread is busy.
    scorerTelemetry.health.set('state', 'degraded', 'starting');
    await sleep(0);
    const scoring = await scorer({
      log,
      store,
      telemetry: scorerTelemetry,
      clock,
      wallNowMs,
      serviceKey,
      host: '127.0.0.1',
      port: 0,
      seal: (bytes, id) => sealer.seal(bytes, id),
      scoring: await composeScoring({
        telemetry: scorerTelemetry,
        adapter: 'wasm',
        bytesMax,
        keyEventsMax,
        visitsPerDay,
        models,
        challenger,
      }),
    });
    scoring.finished.catch((error: unknown) =>
      say({ type: 'failed', code: 'SCORER', message: error instanceof Error ? error.message : String(error) }),
    );
    const intake = await ingest({
      log,
      store,
      telemetry: ingestTelemetry,
      clock,
      wallNowMs,
      tokenizer: tokenizer(master),
      vault,
      sealer,
    });
    return { scoring, intake };
  };
  /** Under way while the console is already open: what is sent meanwhile waits on the log. */
  const opening = open();
  const lagOf = async (group: string, topics: readonly string[]): Promise<number> =>
    (await log.admin.lag(group, topics)).reduce((sum, { lag }) => sum + lag, 0);
  const referenceLag = (): Promise<number> => lagOf('ingest-reference', [rawTopic('reference')]);
  /** Looks until ingest and scorer have taken everything that was sent. */
  const settle = async (): Promise<void> => {
    const { scoring } = await opening;
    for (;;) {
      const left = (await referenceLag()) + (await scoring.lag());
      if (left === 0) break;
      say({ type: 'progress', text: `折入引擎 folding: ${left.toLocaleString('en-US')} left` });
      await sleep(1_000);
    }
    say({ type: 'idle' });
    await scoring.checkpoint();
  };
  /** Before a stop: what the providers sent is taken, as far as it is done in time; the rest waits on the log. */
  const drain = async (scoring: Scorer): Promise<void> => {
    const endMs = wallNowMs() + drainMs;
    while (wallNowMs() < endMs) {
      if ((await lagOf('ingest', LIVE_TOPICS)) + (await referenceLag()) + (await scoring.lag()) === 0) return;
      await sleep(20);
    }
  };
  hear((message) => {
    const told = message as ToEngineRoom;
    if (told.type === 'anchor') clock.follow(told.anchor);
    else
      settle().catch((error: unknown) =>
        say({ type: 'failed', code: 'SETTLE', message: error instanceof Error ? error.message : String(error) }),
      );
  });
  return {
    telemetry,
    ready: opening.then(({ scoring }): Facts => ({ scorerOrigin: scoring.origin })),
    async stop() {
      const { scoring, intake } = await opening;
      await drain(scoring);
      await intake.stop();
      await scoring.stop();
      await vault.close();
      await log.close();
      await store.close();
    },
  };
});
