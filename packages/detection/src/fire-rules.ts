import { ruleLevel, valueInWords, type Catalogue, type Policies, type Rule } from '@skyeye/catalogue';
import type { Assessment, Bilingual, Level, RuleSubject, Scam, Value } from '@skyeye/contracts';
import type { LevelFacts } from './level-policy.ts';
import { isLive } from './rule-score.ts';
import { isBehind, type Signal } from './signal.ts';

/** A rule that holds for a person, and to what level. */
export interface FiredRule {
  readonly rule: Rule;
  readonly level: Level;
  /** The account, number, device or site that it holds for; null where it speaks of the person. */
  readonly key: string | null;
  /** The features it read, with their values. */
  readonly facts: Readonly<Record<string, Value>>;
}

/** The kind of key whose features a rule reads of one key at a time. */
const KEY_TYPE: Readonly<Record<Exclude<RuleSubject, 'person'>, string>> = {
  account: 'acct',
  number: 'number',
  device: 'device',
  domain: 'domain',
};
const RANK: Readonly<Record<Level, number>> = { P1: 4, P2: 3, P3: 2, P4: 1 };
const OFFENDER: ReadonlySet<Scam> = new Set<Scam>(['mule_ring', 'scam_caller']);
/** An assessment names at most so many. */
const NAMED_MAX = 20;

/** Rules by the features they read: only those of which a feature is live can hold. */
export type RuleIndex = ReadonlyMap<string, readonly Rule[]>;

export function indexRules(rules: readonly Rule[]): RuleIndex {
  const index = new Map<string, Rule[]>();
  for (const rule of rules)
    for (const { id } of rule.features) {
      const known = index.get(id);
      if (known === undefined) index.set(id, [rule]);
      else known.push(rule);
    }
  return index;
}

/**
 * The rules that hold for a person at a time, the highest level first. A fact is the newest live value of a feature, null
 * when none is live. Pure; cost linear in signals and in the rules that read one of them.
 */
export function fireRules(
  index: RuleIndex,
  signals: Iterable<Signal>,
  { catalogue, policies, nowMs }: { readonly catalogue: Catalogue; readonly policies: Policies; readonly nowMs: number },
): FiredRule[] {
  if (index.size === 0) return [];
  const live: Signal[] = [];
  for (const signal of signals) {
    const feature = catalogue.byId.get(signal.feature);
    if (feature !== undefined && isLive(signal, feature, nowMs, policies.memoryMs)) live.push(signal);
  }
  const candidates = new Set(live.flatMap(({ feature }) => index.get(feature) ?? []));
  const newest = newestOf(live);
  const fired: FiredRule[] = [];
  for (const rule of candidates) {
    const found = rule.subject === 'person' ? held(rule, newest, null) : perKey(rule, live, KEY_TYPE[rule.subject]);
    if (found !== null) fired.push(found);
  }
  return fired.toSorted((a, b) => RANK[b.level] - RANK[a.level] || (a.rule.id < b.rule.id ? -1 : 1));
}

type Newest = ReadonlyMap<string, Signal>;

function newestOf(signals: readonly Signal[]): Newest {
  const newest = new Map<string, Signal>();
  for (const signal of signals) {
    const known = newest.get(signal.feature);
    if (known === undefined || isBehind(signal.firedMs, signal.key, known.firedMs, known.key)) newest.set(signal.feature, signal);
  }
  return newest;
}

function held(rule: Rule, newest: Newest, key: string | null): FiredRule | null {
  const facts: Record<string, Value> = {};
  for (const name of [...rule.condition.names, ...(rule.mitigation?.names ?? [])]) facts[name] = newest.get(name)?.value ?? null;
  const level = ruleLevel(rule, facts);
  return level === null ? null : { rule, level, key, facts };
}

/** Of each key its own features, beside what is known of the person; the highest level of all keys, then the first key. */
function perKey(rule: Rule, live: readonly Signal[], keyType: string): FiredRule | null {
  const keys = [...new Set(live.flatMap((signal) => (signal.keyType === keyType ? [signal.key] : [])))].toSorted();
  let best: FiredRule | null = null;
  for (const key of keys) {
    const found = held(rule, newestOf(live.filter((signal) => signal.keyType !== keyType || signal.key === key)), key);
    if (found !== null && (best === null || RANK[found.level] > RANK[best.level])) best = found;
  }
  return best;
}

export const isOffenderRule = ({ scams }: Pick<Rule, 'scams'>): boolean => scams.every((scam) => OFFENDER.has(scam));

/** Rules that may raise this assessment: an offender's account is not raised by what is said of victims. */
function speaking(fired: readonly FiredRule[], offender: boolean): readonly FiredRule[] {
  return offender ? fired.filter(({ rule }) => isOffenderRule(rule)) : fired;
}

/**
 * The level with what live rules make of it: they raise and never lower. Where the county has a budget of visits, a rule's P1
 * or P2 needs the priority of the bar as any other does, so that a rule that holds for everybody does not send for everybody.
 */
export function raisedLevel(level: Level | null, fired: readonly FiredRule[], facts: RaisingFacts): Level | null {
  const isAbove = facts.priority >= facts.bar || facts.floor || facts.standing;
  // What a rule says of an account or a number, its own assessment acts on; its holder is visited to be checked, no more.
  const isOfOther = ({ rule }: FiredRule): boolean => rule.subject !== 'person' && isOffenderRule(rule);
  const [raised] = speaking(fired, facts.offender)
    .map((one): Level => (RANK[one.level] > RANK.P3 && (!isAbove || isOfOther(one)) ? 'P3' : one.level))
    .toSorted((a, b) => RANK[b] - RANK[a]);
  if (raised === undefined) return level;
  return level === null || RANK[raised] > RANK[level] ? raised : level;
}

type RaisingFacts = Pick<LevelFacts, 'offender' | 'priority' | 'bar' | 'floor' | 'standing'>;

/** The type that the highest rule names, where it names one. */
export function scamByRules(fired: readonly FiredRule[]): Scam | null {
  const only = fired.find(({ rule }) => rule.scams.length === 1);
  return only?.rule.scams[0] ?? null;
}

/** How an assessment names the rules that fired; nothing when none did. */
export function rulesSaid(fired: readonly FiredRule[]): Pick<Assessment, 'rules'> {
  if (fired.length === 0) return {};
  return {
    rules: fired.slice(0, NAMED_MAX).map((one) => ({ id: one.rule.id, version: one.rule.version, level: one.level, says: sentence(one) })),
  };
}

/** The rule's reason with the values of the features filled in. */
export function sentence({ rule, facts }: Pick<FiredRule, 'rule' | 'facts'>): Bilingual {
  const filled = (language: 'zh' | 'en'): string =>
    rule.reason[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const unit = rule.features.find(({ id }) => id === name)?.unit ?? '';
      return valueInWords(facts[name] ?? null, unit)[language];
    });
  return { zh: filled('zh'), en: filled('en') };
}
