import {
  languageSchema,
  readFamilyFile,
  readTrigger,
  type Catalogue,
  type Feature,
  type FeatureEntry,
  type FileMistake,
} from '@skyeye/catalogue';
import { assert } from '@skyeye/foundation';
import { describeType, diagnoseFormula, needsOf, parseFire, printFormula, type Type } from '@skyeye/language';
import { sharingOf, type SharedPart } from '../fast/sharing.ts';
import { planOf } from '../plan.ts';
import { costOf, type Cost } from './cost.ts';

/** A feature that computes something alike. */
export interface Overlap {
  readonly id: string;
  /** Parts that both have. */
  readonly parts: readonly string[];
  /** Of the parts of the two together, from 0 to 1; 1 also when the formulas are the same. */
  readonly share: number;
}

export interface FeatureReport {
  readonly feature: Feature;
  /** The type in words, with its unit. */
  readonly type: string;
  readonly streams: readonly string[];
  /** How far back an event can matter, ms. */
  readonly lookbackMs: number;
  readonly crossKey: boolean;
  readonly cost: Cost;
  readonly parts: readonly SharedPart[];
  /** Most alike first. */
  readonly overlaps: readonly Overlap[];
  /** What is allowed and probably not meant. */
  readonly doubts: readonly string[];
}

export interface FileReport {
  readonly reports: readonly FeatureReport[];
  readonly mistakes: readonly FileMistake[];
}

/** Checks a file of features beside a catalogue: mistakes, and for each sound feature type, cost and what it is like. */
export function check(text: string, catalogue: Catalogue): FileReport {
  const { features, mistakes } = readFamilyFile(text);
  return { mistakes, reports: features.map((entry) => reportOf(featureOf(entry), catalogue)) };
}

/** An entry without mistakes as a feature. */
export function featureOf(entry: FeatureEntry): Feature {
  const { triggers, timerMs } = readTrigger(entry.trigger);
  const { ast, type } = diagnoseFormula(entry.formula, {
    schema: languageSchema,
    triggers: triggers.map(({ stream }) => stream),
    keyType: entry.keyedBy,
  });
  assert(ast !== null && type !== null, 'the entry was read without a mistake');
  return { ...entry, group: 'A', order: 0, triggers, timerMs, ast, valueType: type, fire: parseFire(entry.fires.when) };
}

/** What there is to say of one feature beside the others. Cost: compiling the catalogue once. */
export function reportOf(feature: Feature, catalogue: Catalogue): FeatureReport {
  const others = catalogue.features.filter(({ id }) => id !== feature.id);
  const sharing = sharingOf(planOf({ ...catalogue, features: [...others, feature] }));
  const needs = needsOf(feature.ast);
  const parts = sharing.parts.filter(({ features }) => features.includes(feature.id));
  return {
    feature,
    type: describeType(feature.valueType),
    streams: [...needs.streams],
    lookbackMs: needs.lookbackMs,
    crossKey: needs.crossKey,
    cost: costOf(feature.id, sharing),
    parts,
    overlaps: overlapsOf(feature, others, sharing.parts),
    doubts: doubtsOf(feature, catalogue),
  };
}

function overlapsOf(feature: Feature, others: readonly Feature[], parts: readonly SharedPart[]): Overlap[] {
  const own = parts.filter(({ features }) => features.includes(feature.id));
  const formula = printFormula(feature.ast);
  const found = others.flatMap((other): Overlap[] => {
    const shared = own.filter(({ features }) => features.includes(other.id));
    if (printFormula(other.ast) === formula && other.keyedBy === feature.keyedBy) return [{ id: other.id, parts: [formula], share: 1 }];
    if (shared.length === 0) return [];
    const together = parts.filter(({ features }) => features.includes(feature.id) || features.includes(other.id)).length;
    return [{ id: other.id, parts: shared.map(({ text }) => text), share: Math.min(0.99, shared.length / together) }];
  });
  return found.sort((a, b) => b.share - a.share);
}

/** The unit that the catalogue writes, for what the language infers. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  ratio: ['ratio', 'x'],
  count: ['count'],
  plain: ['count', 'ratio', 'x', 'level', 'bit'],
};

function doubtsOf({ id, unit, valueType, fires, formula }: Feature, catalogue: Catalogue): string[] {
  const doubts: string[] = [];
  const known = catalogue.byId.get(id);
  if (known !== undefined && known.formula !== formula)
    doubts.push(`${id} is in the catalogue with another formula; what an id computes never changes, so this needs a new id`);
  if (!unitsOf(valueType).includes(unit)) doubts.push(`unit: ${unit} is written, the formula gives ${describeType(valueType)}`);
  if (valueType.kind === 'number' && valueType.unit === 'fen' && /\d$/.test(fires.when) && !/\D0$/.test(fires.when))
    doubts.push(`fires when ${fires.when}: that is fen; write 500y for 500 yuan`);
  if ((valueType.kind === 'boolean') !== /true|false/.test(fires.when))
    doubts.push(`fires when ${fires.when}: the value is ${describeType(valueType)}`);
  return doubts;
}

function unitsOf(type: Type): readonly string[] {
  if (type.kind === 'boolean') return ['bool'];
  return type.kind === 'number' ? (WRITTEN[type.unit] ?? [type.unit]) : ['enum', 'id'];
}
