import { bilingual, LEVELS, RULE_SUBJECTS, SCAMS, type Level, type Scam, type Value } from '@skyeye/contracts';
import { LanguageError, parseCondition, type Condition, type Facts, type FieldType } from '@skyeye/language';
import { z } from 'zod';
import { assessedOf, withAssessed } from './assessed.ts';
import { loadCatalogue, type Catalogue, type Feature } from './catalogue.ts';
import { contentHash } from './content-hash.ts';
import { errors } from './errors.ts';

const SCAM_IDS = Object.keys(SCAMS) as [Scam, ...Scam[]];
const scamId = z.enum(SCAM_IDS);
const text = bilingual.extend({ zh: z.string().min(1).max(300), en: z.string().min(1).max(300) });

/** Facts, and whether the rule fires; a level where mitigation lowers it. */
export const ruleExample = z.strictObject({
  says: z.string().min(1),
  /** In the feature's unit; `20000y` for yuan. */
  facts: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()])),
  fires: z.union([z.boolean(), z.enum(LEVELS)]),
});

/** One rule as an analyst writes it. */
export const ruleEntry = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{2,60}$/),
  name: text,
  /** Whom it speaks of. For an account, number, device or site, features of that kind of key are read of one key at a time. */
  subject: z.enum(RULE_SUBJECTS),
  /** Over the features of the catalogue: a fact is the last live value, null when the feature has not fired within the memory. */
  when: z.string().min(1).max(2000),
  /** What speaks against it. It lowers the level by one step where a live signal of weight 3 carries `when`, and else cancels. */
  unless: z.string().min(1).max(2000).optional(),
  scams: z.array(scamId).min(1),
  /** The level that it may raise to. */
  level: z.enum(LEVELS),
  /** A sentence an officer would say; `{feature_id}` is the value of a feature that `when` reads, in words. */
  reason: text,
  /** A file of `talk-tracks/`. */
  talkTrack: z.enum([...SCAM_IDS, 'general']),
  /** Who answers for it. */
  owner: z.string().min(1).max(80),
  examples: z.array(ruleExample).min(2).max(20),
});
export type RuleEntry = z.infer<typeof ruleEntry>;

/** A rule ready to run. */
export interface Rule extends RuleEntry {
  /** Names the content. */
  readonly version: string;
  readonly condition: Condition;
  readonly mitigation: Condition | null;
  /** The features that `when` reads. */
  readonly features: readonly Feature[];
}

/** A mistake in a rule, with the field it stands in. */
export interface RuleMistake {
  readonly path: readonly string[];
  readonly message: string;
  /** Set for a mistake in a condition. */
  readonly cause?: LanguageError;
}

const FACT_TYPES: Readonly<Record<string, FieldType['type']>> = { bool: 'bool', amount_fen: 'fen', int: 'int' };
const facts = new WeakMap<Catalogue, Readonly<Record<string, FieldType>>>();

/** What a rule may read: one fact per feature, of its type and unit, and what was said of accounts and numbers. */
export function ruleFacts(catalogue: Catalogue): Readonly<Record<string, FieldType>> {
  let known = facts.get(catalogue);
  if (known === undefined) {
    known = Object.fromEntries(
      [...catalogue.features, ...assessedOf(catalogue)].map(({ id, type, unit }): [string, FieldType] => {
        const kind = FACT_TYPES[type] ?? 'num';
        return [id, { type: kind, ...(kind === 'bool' || kind === 'fen' ? {} : { unit }) }];
      }),
    );
    facts.set(catalogue, known);
  }
  return known;
}

/** Compiles a rule of the right form; or says everything that is wrong with its conditions, slots and examples. */
export function compileRule(
  entry: RuleEntry,
  catalogue: Catalogue = loadCatalogue(),
): { readonly rule: Rule | null; readonly mistakes: readonly RuleMistake[] } {
  const mistakes: RuleMistake[] = [];
  const { byId } = withAssessed(catalogue);
  const condition = compiled('when', entry.when);
  const mitigation = entry.unless === undefined ? null : compiled('unless', entry.unless);
  if (condition === null || mistakes.length > 0) return { rule: null, mistakes };
  for (const language of ['zh', 'en'] as const)
    for (const [, slot = ''] of entry.reason[language].matchAll(SLOT))
      if (!condition.names.includes(slot))
        mistakes.push({ path: ['reason', language], message: `the slot {${slot}} is no feature that "when" reads` });
  const rule: Rule = Object.freeze({
    ...entry,
    version: contentHash(canonical(entry)),
    condition,
    mitigation,
    features: condition.names.flatMap((name) => byId.get(name) ?? []),
  });
  if (rule.features.length === 0) mistakes.push({ path: ['when'], message: 'the condition reads no feature' });
  for (const [index, example] of entry.examples.entries()) {
    const unknown = Object.keys(example.facts).find((name) => !byId.has(name));
    const wrong = unknown === undefined ? exampleMistake(rule, example) : `there is no feature "${unknown}"`;
    if (wrong !== null) mistakes.push({ path: ['examples', String(index)], message: `"${example.says}": ${wrong}` });
  }
  return { rule: mistakes.length === 0 ? rule : null, mistakes };

  function compiled(field: 'when' | 'unless', source: string): Condition | null {
    try {
      return parseCondition(source, ruleFacts(catalogue));
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      mistakes.push({ path: [field], message: error.message, cause: error });
      return null;
    }
  }
}

const SLOT = /\{(\w+)\}/g;

/** JSON with keys in order, so that a rule has one version however its file orders it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

const LOWER: Readonly<Record<Level, Level>> = { P1: 'P2', P2: 'P3', P3: 'P4', P4: 'P4' };

/**
 * The level to which a rule raises with these facts; null when it does not fire. Mitigation cancels no signal of weight 3
 * alone: where one carries the condition, it lowers by one step.
 */
export function ruleLevel(rule: Rule, known: Facts): Level | null {
  if (rule.condition.test(known) !== true) return null;
  if (rule.mitigation?.test(known) !== true) return rule.level;
  const strong = rule.features.some(({ id, fires }) => fires.weight === 3 && known[id] !== undefined && known[id] !== null);
  return strong ? LOWER[rule.level] : null;
}

function exampleMistake(rule: Rule, { facts: written, fires }: z.infer<typeof ruleExample>): string | null {
  const found = ruleLevel(rule, Object.fromEntries(Object.entries(written).map(([name, value]) => [name, factValue(value)])));
  const matches = typeof fires === 'boolean' ? (found !== null) === fires : found === fires;
  return matches ? null : `says ${String(fires)}, and the rule ${found === null ? 'does not fire' : `raises to ${found}`}`;
}

const factValue = (value: Value): Value =>
  typeof value === 'string' && /^\d+(?:\.\d+)?y$/.test(value) ? Math.round(Number(value.slice(0, -1)) * 100) : value;

/** @throws CATALOGUE_ENTRY_INVALID with all that is wrong */
export function parseRule(raw: unknown, catalogue: Catalogue = loadCatalogue()): Rule {
  const read = ruleEntry.safeParse(raw);
  const id = String((raw as { id?: unknown } | null)?.id);
  if (!read.success) throw errors.entryInvalid({ id, reason: z.prettifyError(read.error) });
  const { rule, mistakes } = compileRule(read.data, catalogue);
  if (rule === null)
    throw errors.entryInvalid({ id, reason: mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') });
  return rule;
}
