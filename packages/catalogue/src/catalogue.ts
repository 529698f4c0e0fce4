import { checkFormula, parseFire, parseFormula, type Expression, type FireCondition, type Type } from '@skyeye/language';
import { z } from 'zod';
import { contentHash } from './content-hash.ts';
import { familyEntry, featureEntry, type FeatureEntry, type GroupCode } from './entry.ts';
import { errors } from './errors.ts';
import type { FeatureId } from './feature-ids.ts';
import data from './generated/features.json' with { type: 'json' };
import { languageSchema } from './language-schema.ts';
import { readTrigger, type Trigger } from './trigger.ts';

/** A feature ready to run. Frozen. */
export interface Feature extends FeatureEntry {
  readonly group: GroupCode;
  /** Position in the catalogue, from 0: the order in which values are printed and written to models. */
  readonly order: number;
  readonly triggers: readonly Trigger[];
  /** Also evaluated by the clock while a session of its key is open, every so many ms; null without a timer. */
  readonly timerMs: number | null;
  readonly ast: Expression;
  /** Inferred type of the formula. */
  readonly valueType: Type;
  readonly fire: FireCondition;
}

export interface Catalogue {
  /** Names the content: a model trained on one version is not taken for another. */
  readonly version: string;
  /** All features in catalogue order. */
  readonly features: readonly Feature[];
  readonly byId: ReadonlyMap<string, Feature>;
  readonly groups: readonly { readonly code: GroupCode; readonly name: { readonly zh: string; readonly en: string } }[];
}

const familyData = z.array(z.strictObject({ family: familyEntry, features: z.array(z.unknown()) }));

/**
 * Families of entries, in order → the catalogue. Everything is checked: form, ids, formulas with units, triggers,
 * fire conditions.
 * @throws CATALOGUE_ENTRY_INVALID, CATALOGUE_FORMULA_INVALID, CATALOGUE_ID_TWICE with the id and the reason
 */
export function parseCatalogue(families: unknown): Catalogue {
  const read = familyData.safeParse(families);
  if (!read.success) throw errors.entryInvalid({ reason: z.prettifyError(read.error) });
  const features: Feature[] = [];
  const byId = new Map<string, Feature>();
  for (const { family, features: entries } of read.data) {
    for (const raw of entries) {
      const feature = featureOf(raw, family.group, features.length);
      if (byId.has(feature.id)) throw errors.idTwice({ id: feature.id });
      byId.set(feature.id, feature);
      features.push(feature);
    }
  }
  const groups = new Map(read.data.map(({ family }) => [family.group, family.name]));
  return Object.freeze({
    version: contentHash(JSON.stringify(families)),
    features: Object.freeze(features),
    byId,
    groups: Object.freeze([...groups].map(([code, name]) => ({ code, name }))),
  });
}

function featureOf(raw: unknown, group: GroupCode, order: number): Feature {
  const entry = featureEntry.safeParse(raw);
  if (!entry.success)
    throw errors.entryInvalid({ id: String((raw as { id?: unknown } | null)?.id), file: group, reason: z.prettifyError(entry.error) });
  const { id, formula, trigger, fires } = entry.data;
  try {
    const ast = parseFormula(formula);
    const { triggers, timerMs } = readTrigger(trigger);
    const streams = triggers.map(({ stream }) => stream);
    const valueType = checkFormula(ast, { schema: languageSchema, source: formula, triggers: streams, keyType: entry.data.keyedBy });
    return Object.freeze({
      ...deepFreeze(entry.data),
      group,
      order,
      triggers: Object.freeze(triggers),
      timerMs,
      ast,
      valueType,
      fire: parseFire(fires.when),
    });
  } catch (error) {
    throw errors.formulaInvalid({ id, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

let loaded: Catalogue | undefined;

/** The catalogue of this release. Checked once, then shared. */
export function loadCatalogue(): Catalogue {
  loaded ??= parseCatalogue(data.families);
  return loaded;
}

/** The feature of an id that the compiler has checked. */
export function featureById(id: FeatureId): Feature {
  const feature = loadCatalogue().byId.get(id);
  if (feature === undefined) throw errors.entryInvalid({ id, reason: 'feature-ids.ts is stale' });
  return feature;
}
