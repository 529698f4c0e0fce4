import type { Catalogue, Policies, Rule } from '@skyeye/catalogue';
import type { SubjectKind } from '@skyeye/contracts';
import { fireRules, indexRules, type FiredRule, type RuleIndex } from './fire-rules.ts';
import type { Signal } from './signal.ts';

/** Rules in force. Live rules raise; shadow rules are scored and counted and alert nobody. */
export interface RulesInForce {
  readonly live: readonly Rule[];
  readonly shadow: readonly Rule[];
}

/** For how many persons a rule held on a day of the county. */
export interface RuleCount {
  readonly id: string;
  readonly version: string;
  readonly state: 'live' | 'shadow';
  /** How often it held, the same person at every cause anew. */
  readonly times: number;
  /** Distinct persons, oldest day first. `day`: whole days of Shanghai time since 1970. */
  readonly days: readonly { readonly day: number; readonly persons: number }[];
}

const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;
/** Days that are remembered; an event of an older day is counted in `times` only. */
const DAYS_KEPT = 8;
/** Persons of one rule and day; past it the count stands still, long above every limit of approval. */
const PERSONS_MAX = 50_000;

interface Counted {
  readonly rule: Rule;
  readonly state: 'live' | 'shadow';
  times: number;
  readonly days: Map<number, Set<string>>;
}

/** The rules that a detector asks, replaceable while it runs. Between two causes there is one set, never a mixture. */
export class RuleBook {
  #live: RuleIndex = new Map();
  #shadow: RuleIndex = new Map();
  /** Those that speak of accounts, by themselves or by their devices, and of numbers. */
  #liveOf: Readonly<Record<SubjectKind, RuleIndex>> = { account: new Map(), number: new Map() };
  #counted = new Map<string, Counted>();
  /** How often rules held since the start, of all versions together. */
  readonly held = { live: 0, shadow: 0 };

  constructor(rules: RulesInForce = { live: [], shadow: [] }) {
    this.replace(rules);
  }

  /** Puts other rules in force, from the next cause on. Counts of versions that stay in their state go on. */
  replace({ live, shadow }: RulesInForce): void {
    this.#live = indexRules(live);
    this.#shadow = indexRules(shadow);
    this.#liveOf = {
      account: indexRules(live.filter(({ subject }) => subject === 'account' || subject === 'device')),
      number: indexRules(live.filter(({ subject }) => subject === 'number')),
    };
    const before = this.#counted;
    this.#counted = new Map(
      [...live.map((rule) => ({ rule, state: 'live' as const })), ...shadow.map((rule) => ({ rule, state: 'shadow' as const }))].map(
        ({ rule, state }) => {
          const name = `${rule.id}@${rule.version}`;
          const known = before.get(name);
          return [name, known?.state === state ? known : { rule, state, times: 0, days: new Map<number, Set<string>>() }];
        },
      ),
    );
  }

  /** The live rules that hold. `kept`: it happened, and is counted, those in shadow too; a question leaves no trace. */
  fire(
    person: string,
    signals: Iterable<Signal>,
    context: { readonly catalogue: Catalogue; readonly policies: Policies; readonly nowMs: number; readonly kept: boolean },
  ): readonly FiredRule[] {
    const all = [...signals];
    const fired = fireRules(this.#live, all, context);
    if (context.kept) for (const { rule } of [...fired, ...fireRules(this.#shadow, all, context)]) this.#count(rule, person, context.nowMs);
    return fired;
  }

  /** The live rules that hold for an account or a number with these signals of its own. Nothing is counted: counts are of persons. */
  fireOf(
    kind: SubjectKind,
    signals: Iterable<Signal>,
    context: { readonly catalogue: Catalogue; readonly policies: Policies; readonly nowMs: number },
  ): readonly FiredRule[] {
    return fireRules(this.#liveOf[kind], signals, context);
  }

  #count({ id, version }: Rule, person: string, nowMs: number): void {
    const counted = this.#counted.get(`${id}@${version}`);
    if (counted === undefined) return;
    counted.times++;
    this.held[counted.state]++;
    const day = Math.floor((nowMs + ZONE_MS) / DAY_MS);
    let persons = counted.days.get(day);
    if (persons === undefined) {
      const oldest = Math.max(day, ...counted.days.keys()) - DAYS_KEPT;
      if (day <= oldest) return;
      counted.days.set(day, (persons = new Set()));
      for (const known of counted.days.keys()) if (known <= oldest) counted.days.delete(known);
    }
    if (persons.size < PERSONS_MAX) persons.add(person);
  }

  counts(): RuleCount[] {
    return [...this.#counted.values()].map(({ rule, state, times, days }) => ({
      id: rule.id,
      version: rule.version,
      state,
      times,
      days: [...days].map(([day, persons]) => ({ day, persons: persons.size })).toSorted((a, b) => a.day - b.day),
    }));
  }
}
