import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalogue, loadPolicies, loadRules, officialHolidays } from '@skyeye/catalogue';
import { Detector, inputSignature, namedScams, RuleBook } from '@skyeye/detection';
import { createEngine, ENGINE_VERSIONS, planOf } from '@skyeye/engine';
import { loadModel, modelAdapter, type Model } from '@skyeye/model';
import type { Telemetry } from '@skyeye/telemetry';
import { Scoring, type Predictor } from './scoring.ts';
import { logEvents } from './tables.ts';

/** The model of this release. */
const MODEL_FOLDER = join(fileURLToPath(new URL('../../../models', import.meta.url)), 'person', '1');

export interface ComposeOptions {
  readonly telemetry: Telemetry;
  readonly adapter: 'wasm' | 'native';
  /** Ceiling of the engine's memory, bytes. Default: none. */
  readonly bytesMax?: number;
  /** Default: the model of this release. */
  readonly modelFolder?: string;
  /** Visits a day that the county can make; the bar for P1 and P2 follows. Default: none. */
  readonly visitsPerDay?: number | undefined;
}

/**
 * The scoring of this release: catalogue, policies, engine and model. A model that cannot be loaded is refused with its reason in
 * the log, and rules alone decide, which every assessment says (invariant 5). Returns a maker: a damaged checkpoint needs a
 * fresh one.
 */
export async function composeScoring({
  telemetry,
  adapter,
  bytesMax = Infinity,
  modelFolder = MODEL_FOLDER,
  visitsPerDay,
}: ComposeOptions): Promise<() => Scoring> {
  const catalogue = loadCatalogue();
  const policies = loadPolicies();
  const plan = planOf(catalogue);
  const holidays = officialHolidays();
  const rules = new RuleBook({ live: loadRules(), shadow: [] });
  const predictor = await openPredictor();
  return () =>
    new Scoring({
      engine: createEngine({ plan, holidays, bytesMax }),
      detector: new Detector({
        catalogue,
        policies,
        visitsPerDay: visitsPerDay ?? null,
        rules,
        versions: { model: predictor?.version ?? 'none', engine: ENGINE_VERSIONS.fast },
      }),
      predictor,
      telemetry,
    });

  async function openPredictor(): Promise<Predictor | null> {
    try {
      const model = await loadModel(modelFolder, { adapter: await modelAdapter(adapter), expects: inputSignature(catalogue) });
      telemetry.health.set('model', 'ok', model.id);
      return predictorOf(model);
    } catch (error) {
      telemetry.log(logEvents).ModelRefused({}, error);
      telemetry.health.set('model', 'degraded', 'rules alone decide');
      return null;
    }
  }
}

function predictorOf(model: Model): Predictor {
  return {
    version: model.id,
    async predict(rows) {
      const { probabilities, scams } = await model.predict(rows);
      return { probabilities, scams: namedScams(scams, model.signature.scams) };
    },
  };
}
