import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTelemetry, type LogLevel } from '@skyeye/telemetry';
import { AnchoredClock, type ClockAnchor } from '@skyeye/foundation';
import { app as ingest } from '@skyeye/ingest';
import { loadCatalogue, loadRules, officialHolidays } from '@skyeye/catalogue';
import { rawTopic } from '@skyeye/contracts';
import { Detector } from '@skyeye/detection';
import { HistoryEngine, planOf } from '@skyeye/engine';
import { app as scorer, Scoring } from '@skyeye/scorer';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog } from '@skyeye/stream';
import { loadOrCreateMasterKey, quarantineSealer, tokenizer, vaultWriter } from '@skyeye/vault';
import { LogFile } from '../log-file.ts';
import { runRoom } from '../room.ts';

/** What the main thread gives to the engine room. */
export interface EngineRoomData {
  readonly folder: string;
  readonly anchor: ClockAnchor;
  readonly vaultWriterUrl: string;
  readonly serviceKey: string;
  readonly logLevel: LogLevel;
}

/** What the main thread tells the engine room. */
export type ToEngineRoom = { readonly type: 'anchor'; readonly anchor: ClockAnchor } | { readonly type: 'settle' };

/** Named in every assessment. */
const ENGINE_VERSION = 'history-1';

const wallNowMs = (): number => Date.now();

await runRoom<EngineRoomData>(async ({ folder, anchor, vaultWriterUrl, serviceKey, logLevel }, say, hear) => {
  const destination = new LogFile(join(folder, 'log', 'engine-room.log'));
  const telemetryOf = (service: string) => createTelemetry({ service, level: logLevel, destination });
  const clock = new AnchoredClock(anchor, wallNowMs);
  const log = createEmbeddedLog({ folder: join(folder, 'stream'), telemetry: telemetryOf('stream') });
  const store = createMemoryStore({ folder: join(folder, 'store'), telemetry: telemetryOf('store') });
  const master = await loadOrCreateMasterKey(join(folder, 'keys'));
  const vault = vaultWriter({ url: vaultWriterUrl, master });
  const sealer = quarantineSealer(master);
  const catalogue = loadCatalogue();
  const plan = planOf(catalogue);
  const scorerTelemetry = telemetryOf('scorer');
  const scoring = await scorer({
    log, store, telemetry: scorerTelemetry, clock, wallNowMs, serviceKey, host: '127.0.0.1', port: 0,
    seal: (bytes, id) => sealer.seal(bytes, id),
    scoring: () =>
      new Scoring({
        engine: new HistoryEngine({ plan, holidays: officialHolidays() }),
        detector: new Detector({ catalogue, rules: loadRules(), versions: { model: 'none', engine: ENGINE_VERSION } }),
        predictor: null,
        telemetry: scorerTelemetry,
      }),
  });
  const intake = await ingest({ log, store, telemetry: telemetryOf('ingest'), clock, wallNowMs, tokenizer: tokenizer(master), vault, sealer });
  /** Looks until ingest and scorer have taken everything that was sent. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const left = (await log.admin.lag('ingest-reference', [rawTopic('reference')])).reduce((sum, { lag }) => sum + lag, 0) + (await scoring.lag());
      if (left === 0) break;
      say({ type: 'progress', text: `折入引擎 folding: ${left.toLocaleString('en-US')} left` });
      await sleep(1_000);
    }
    say({ type: 'idle' });
  };
  hear((message) => {
    const told = message as ToEngineRoom;
    if (told.type === 'anchor') clock.follow(told.anchor);
    else settle().catch((error: unknown) => say({ type: 'failed', code: 'SETTLE', message: error instanceof Error ? error.message : String(error) }));
  });
  scoring.finished.catch((error: unknown) => say({ type: 'failed', code: 'SCORER', message: error instanceof Error ? error.message : String(error) }));
  return {
    facts: { scorerOrigin: scoring.origin },
    async stop() {
      await intake.stop();
      await scoring.stop();
      await vault.close();
      await log.close();
      await store.close();
    },
  };
});
