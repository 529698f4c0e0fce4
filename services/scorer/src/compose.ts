import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalogue, loadPolicies, loadRules, officialHolidays } from '@skyeye/catalogue';
import { Detector, inputSignature, RuleBook } from '@skyeye/detection';
import { createEngine, ENGINE_VERSIONS, planOf } from '@skyeye/engine';
import { modelAdapter, releaseKeys } from '@skyeye/model';
import type { Telemetry } from '@skyeye/telemetry';
import { ModelSlot, type Offer } from './model-slot.ts';
import { Scoring } from './scoring.ts';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));
/** The model of this release. */
const MODEL: Offer = { folder: join(MODELS, 'person', '2'), id: 'person/2' };

export interface ComposeOptions {
  readonly telemetry: Telemetry;
  readonly adapter: 'wasm' | 'native';
  /** Ceiling of the engine's memory, bytes. Default: none. */
  readonly bytesMax?: number;
  /** Default: the model of this release. */
  readonly model?: Offer;
  /** Who may have signed it. Default: the keys of this release. */
  readonly keys?: readonly string[];
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
  model = MODEL,
  keys,
  visitsPerDay,
}: ComposeOptions): Promise<() => Scoring> {
  const catalogue = loadCatalogue();
  const policies = loadPolicies();
  const plan = planOf(catalogue);
  const holidays = officialHolidays();
  const rules = new RuleBook({ live: loadRules(), shadow: [] });
  const slot = new ModelSlot({
    adapter: await modelAdapter(adapter),
    expects: inputSignature(catalogue),
    keys: keys ?? (await releaseKeys(join(MODELS, 'keys'))),
    telemetry,
  });
  await slot.offer(model);
  // The version is asked for at each assessment: another model may have taken the place.
  const versions = {
    get model(): string {
      return slot.version;
    },
    engine: ENGINE_VERSIONS.fast,
  };
  return () =>
    new Scoring({
      engine: createEngine({ plan, holidays, bytesMax }),
      detector: new Detector({ catalogue, policies, visitsPerDay: visitsPerDay ?? null, rules, versions }),
      predictor: slot,
      telemetry,
    });
}
