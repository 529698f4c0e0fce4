import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import type { StreamEvent, Value } from '@skyeye/contracts';
import { Detector, type RuleBook } from '@skyeye/detection';
import { createEngine, ENGINE_VERSIONS, planOf } from '@skyeye/engine';
import { silentTelemetry, type Telemetry } from '@skyeye/telemetry';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelPlaces } from '../models-follower.ts';
import { Scoring, type Predictor } from '../index.ts';

const GOLDEN = join(import.meta.dirname, '../../../../packages/testkit/golden');
const read = (name: string): string => readFileSync(join(GOLDEN, name), 'utf8');

/** The scripted 冒充客服 case: a victim V with phone PV, guided by a call and screen sharing to pay the mules MUs0 to MUs2. In total order. */
export function svcCase(): StreamEvent[] {
  const events = read('svc.events.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StreamEvent);
  return events.sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
}

/** Whether V pays a mule with this event. */
export const isTransfer = (event: StreamEvent): boolean =>
  event.stream === 'bank' && event['person'] === 'V' && event['dir'] === 'out' && String(event['peer']).startsWith('MU');

const attributes = new Map(
  (JSON.parse(read('svc.dims.json')) as [string, string, Record<string, Value>][]).map(([type, key, values]) => [`${type} ${key}`, values]),
);
const plan = planOf(loadCatalogue());

/** An empty scoring with the attributes of the case; holidays none, as the case was made. */
export function scoringOf({
  predictor = null,
  telemetry = silentTelemetry(),
  bytesMax = Infinity,
  visitsPerDay = null,
  rules = null,
  models,
}: {
  predictor?: Predictor | null;
  telemetry?: Telemetry;
  bytesMax?: number;
  visitsPerDay?: number | null;
  rules?: RuleBook | null;
  models?: ModelPlaces;
} = {}): Scoring {
  const catalogue = loadCatalogue();
  return new Scoring({
    telemetry,
    predictor,
    ...(models === undefined ? {} : { models }),
    engine: createEngine({
      plan,
      bytesMax,
      scope: 'all',
      holidays: { holidays: new Set(), workdays: new Set() },
      dims: { valueAt: (type, key, name) => attributes.get(`${type} ${key}`)?.[name] ?? null },
    }),
    detector: new Detector({
      catalogue,
      policies: loadPolicies(),
      visitsPerDay,
      rules,
      versions: {
        // Another model may have taken the place.
        get model(): string {
          return predictor?.version ?? 'none';
        },
        engine: ENGINE_VERSIONS.fast,
      },
    }),
  });
}
