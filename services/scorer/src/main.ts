import { loadCatalogue, loadRules, officialHolidays } from '@skyeye/catalogue';
import { openParts, valuesOf } from '@skyeye/cluster';
import { Detector } from '@skyeye/detection';
import { HistoryEngine, planOf } from '@skyeye/engine';
import { quarantineSealer } from '@skyeye/vault';
import { app } from './app.ts';
import { options } from './options.ts';
import { Scoring } from './scoring.ts';

/** Named in every assessment. */
const ENGINE_VERSION = 'history-1';

const { kafka, redisUrl, keyFolder, serviceKey, host, port, checkpointSeconds, logLevel } = valuesOf(options, 'scorer');
const parts = openParts('scorer', { logLevel });
const { telemetry, wallNowMs } = parts;
const log = parts.log(kafka);
const sealer = quarantineSealer(await parts.master(keyFolder));
const catalogue = loadCatalogue();
const plan = planOf(catalogue);
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
  scoring: () =>
    new Scoring({
      engine: new HistoryEngine({ plan, holidays: officialHolidays() }),
      detector: new Detector({ catalogue, rules: loadRules(), versions: { model: 'none', engine: ENGINE_VERSION } }),
      predictor: null,
      telemetry,
    }),
});
parts.runUntilSignal({ failed: scorer.finished, stop: () => scorer.stop() });
