import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalogue, loadPolicies, loadRules, officialHolidays } from '@skyeye/catalogue';
import { SUBJECT_KINDS, type SubjectKind } from '@skyeye/contracts';
import { Detector, inputSignature, RuleBook, SubjectDetector, subjectSignature } from '@skyeye/detection';
import { createEngine, ENGINE_VERSIONS, planOf } from '@skyeye/engine';
import { modelAdapter, readModelFiles, releaseKeys } from '@skyeye/model';
import type { Telemetry } from '@skyeye/telemetry';
import { ModelSlot, type Offer } from './model-slot.ts';
import type { ModelPlaces } from './models-follower.ts';
import { Scoring } from './scoring.ts';
import { logEvents } from './tables.ts';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));
/** The model of this release. */
const MODEL: Offer = { folder: join(MODELS, 'person', '3'), id: 'person/3' };
const OTHERS: Readonly<Record<SubjectKind, Offer>> = {
  account: { folder: join(MODELS, 'account', '2'), id: 'account/2' },
  number: { folder: join(MODELS, 'number', '2'), id: 'number/2' },
};

export interface ComposeOptions {
  readonly telemetry: Telemetry;
  readonly adapter: 'wasm' | 'native';
  /** Ceiling of the engine's memory, bytes. Default: none. */
  readonly bytesMax?: number;
  /** Events held of one stream of one key. Default: the engine's. */
  readonly keyEventsMax?: number | undefined;
  /** Default: the model of this release. */
  readonly model?: Offer;
  /** Folder of a model that watches beside it and decides nothing, while the command centre names no other. Default: none. */
  readonly challenger?: string | undefined;
  /** Where `<name>/<version>` of promoted models lie. Default: the models of this release. */
  readonly models?: string | undefined;
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
  keyEventsMax,
  model = MODEL,
  challenger,
  models = MODELS,
  keys,
  visitsPerDay,
}: ComposeOptions): Promise<() => Scoring> {
  const catalogue = loadCatalogue();
  const policies = loadPolicies();
  const plan = planOf(catalogue);
  const holidays = officialHolidays();
  const rules = new RuleBook({ live: loadRules(), shadow: [] });
  const shared = { adapter: await modelAdapter(adapter), keys: keys ?? (await releaseKeys(join(MODELS, 'keys'))), telemetry };
  const slot = new ModelSlot({ ...shared, expects: inputSignature(catalogue) });
  await slot.offer(model);
  const watcher = challenger === undefined ? null : await offerOf(challenger, telemetry);
  if (watcher !== null) await slot.watch(watcher);
  const others = Object.fromEntries(
    await Promise.all(
      SUBJECT_KINDS.map(async (kind) => {
        const other = new ModelSlot({ ...shared, expects: subjectSignature(catalogue, kind), part: `model of ${kind}s` });
        await other.offer(OTHERS[kind]);
        return [kind, other] as const;
      }),
    ),
  ) as Record<SubjectKind, ModelSlot>;
  const places: ModelPlaces = {
    folder: models,
    slots: {
      person: { slot, release: model, challenger: watcher },
      account: { slot: others.account, release: OTHERS.account, challenger: null },
      number: { slot: others.number, release: OTHERS.number, challenger: null },
    },
  };
  // The version is asked for at each assessment: another model may have taken the place.
  const versions = {
    get model(): string {
      return slot.version;
    },
    engine: ENGINE_VERSIONS.fast,
  };
  const subjectVersions = {
    get account(): string {
      return others.account.version;
    },
    get number(): string {
      return others.number.version;
    },
    engine: ENGINE_VERSIONS.fast,
  };
  return () =>
    new Scoring({
      engine: createEngine({ plan, holidays, bytesMax, ...(keyEventsMax === undefined ? {} : { keyEventsMax }) }),
      detector: new Detector({ catalogue, policies, visitsPerDay: visitsPerDay ?? null, rules, versions }),
      predictor: slot,
      subjects: { detector: new SubjectDetector({ catalogue, policies, rules, versions: subjectVersions }), predictors: others },
      telemetry,
      models: places,
    });
}

/** What a folder says it holds; null, and the reason in the log, when it cannot be read. */
async function offerOf(folder: string, telemetry: Telemetry): Promise<Offer | null> {
  try {
    const { name, version } = (await readModelFiles(folder)).signature;
    return { folder, id: `${name}/${version}` };
  } catch (error) {
    telemetry.log(logEvents).ModelRefused({ model: basename(folder), decides: 'unchanged' }, error);
    return null;
  }
}
