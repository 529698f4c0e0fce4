import { loadCatalogue, officialHolidays, type Catalogue, type Feature } from '@skyeye/catalogue';
import type { Level, Reference, StreamEvent, SubjectKind } from '@skyeye/contracts';
import type { Cause } from '@skyeye/detection';
import { createEngine, planOf, type Evaluation, type LiveEngine } from '@skyeye/engine';
import { HONEST_WEIGHT, type Run } from './run-county.ts';
import { Signals } from './signals.ts';
import type { Answer, Found, Judgement, Question, Said, Subject } from './subject.ts';

/** As DOMAIN §5 has it: the weights of what fired in the last two hours, three features of one group at most. */
const MEMORY_MS = 2 * 3_600_000;
const PER_GROUP = 3;
type Bars = readonly (readonly [Level, number])[];
/**
 * Points from which a level is said: `--fit-additive` on seeds 61 to 62, so that they fill the budget that the product has.
 */
export const ADDITIVE_LEVELS: Bars = [
  ['P1', 34],
  ['P2', 22],
  ['P3', 14],
  ['P4', 12],
];
/** Points at which an account or a number is said, memory a day. */
export const ADDITIVE_SUBJECT = 12;
const SUBJECT_MEMORY_MS = 24 * 3_600_000;
const SUBJECT_OF: Readonly<Record<string, SubjectKind>> = { acct: 'account', number: 'number' };
const OFFENDERS = new Set(['mule_ring', 'scam_caller']);
const isOffender = ({ scams }: Feature): boolean => scams !== 'all' && scams.every((scam) => OFFENDERS.has(scam));

interface Live {
  readonly fired: Map<string, number>;
  said: Level | null;
  /** The most points there ever were, of a victim. */
  most: number;
}

/** Adding up the weights of the catalogue: no model, no rules, no kinds of evidence, no mitigation by share. */
export class Additive implements Subject {
  readonly name = 'additive';
  readonly #engine: LiveEngine;
  readonly #catalogue: Catalogue;
  readonly #signals: Signals;
  readonly #persons = new Map<string, Live>();
  readonly #bars: Bars;
  readonly #others = new Map<string, Map<string, number>>();
  readonly #saidOthers = new Set<string>();
  #found: Found[] = [];
  #nowMs = 0;

  /** Null: says nothing, and counts points to fit bars on. */
  constructor(bars: Bars | null = ADDITIVE_LEVELS) {
    this.#bars = bars ?? [];
    this.#catalogue = loadCatalogue();
    this.#engine = createEngine({ plan: planOf(this.#catalogue), holidays: officialHolidays() });
    this.#signals = new Signals(this.#catalogue);
  }

  learn(records: readonly Reference[]): void {
    this.#engine.learn(records);
  }

  fold(events: readonly StreamEvent[]): Promise<readonly Said[]> {
    this.#nowMs = Math.max(this.#nowMs, ...events.map(({ it }) => Number(it ?? 0)));
    return Promise.resolve(
      this.#see(
        this.#engine.ingest(events).flatMap(({ event, outcome, evaluations }) => (outcome === 'folded' ? [{ event, evaluations }] : [])),
      ),
    );
  }

  tick(nowMs: number): Promise<readonly Said[]> {
    this.#nowMs = nowMs;
    const evaluations = this.#engine.tick(nowMs);
    return Promise.resolve(evaluations.length === 0 ? [] : this.#see([{ event: null, evaluations }]));
  }

  ask({ event }: Question): Promise<Answer> {
    const { event: stamped, evaluations } = this.#engine.peek(event);
    const person = stamped['person'];
    const own = typeof person === 'string' ? new Map(this.#persons.get(person)?.fired) : new Map<string, number>();
    for (const evaluation of evaluations) keep(own, evaluation);
    const { victim } = this.#points(own, event.t);
    const level = this.#levelOf(victim);
    return Promise.resolve({
      outcome: level === 'P1' || level === 'P2' ? 'hold' : level === 'P3' ? 'delay' : 'allow',
      signal: this.#signals.has(evaluations, person),
      insists: 'delay',
      said: level === null ? null : { level, score: 0 },
      alert:
        level === null || level === 'P4' || typeof person !== 'string'
          ? null
          : { person, phone: null, acct: null, t: event.t, level, expectedLossFen: Math.round(victim), scam: null, engaged: false },
    });
  }

  found(): readonly Found[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** The same adding up of what fired for one account or number within a day. */
  #seeOther(seen: Evaluation): void {
    const kind = SUBJECT_OF[seen.keyType];
    if (kind === undefined || !seen.fires) return;
    const name = `${kind}/${seen.key}`;
    const fired = this.#others.get(name) ?? new Map<string, number>();
    this.#others.set(name, fired);
    keep(fired, seen);
    if (this.#saidOthers.has(name)) return;
    const { victim, offender } = this.#points(fired, seen.t, SUBJECT_MEMORY_MS);
    if (victim + offender < ADDITIVE_SUBJECT) return;
    this.#saidOthers.add(name);
    this.#found.push({ kind, key: seen.key });
  }

  signalMs(person: string): number | undefined {
    return this.#signals.firstMs(person);
  }

  judgements(): readonly Judgement[] {
    return [...this.#persons].map(([person, { most }]) => ({ person, t: 0, model: null, rules: 0, mixed: 0, score: most }));
  }

  #levelOf(points: number): Level | null {
    return this.#bars.find(([, least]) => points >= least)?.[0] ?? null;
  }

  #see(causes: readonly Cause[]): Said[] {
    this.#signals.see(causes, this.#nowMs);
    return causes.flatMap(({ event, evaluations }) => {
      const touched = new Set<string>();
      for (const evaluation of evaluations) {
        this.#seeOther(evaluation);
        if (evaluation.person === null) continue;
        const known = this.#persons.get(evaluation.person);
        if (known === undefined && !evaluation.fires) continue;
        const live = known ?? { fired: new Map<string, number>(), said: null, most: 0 };
        this.#persons.set(evaluation.person, live);
        keep(live.fired, evaluation);
        touched.add(evaluation.person);
      }
      return [...touched].flatMap((person) => this.#say(person, event, evaluations[0]?.t ?? this.#nowMs));
    });
  }

  #say(person: string, event: StreamEvent | null, t: number): Said[] {
    const live = this.#persons.get(person);
    if (live === undefined) return [];
    const { victim, offender } = this.#points(live.fired, t);
    live.most = Math.max(live.most, victim);
    const level = this.#levelOf(Math.max(victim, offender));
    if (level === null || level === live.said) return [];
    live.said = level;
    const id = (name: 'phone' | 'acct'): string | null => (typeof event?.[name] === 'string' ? event[name] : null);
    return [
      {
        person,
        phone: id('phone'),
        acct: id('acct'),
        t,
        level,
        expectedLossFen: Math.round(victim),
        scam: offender > victim ? (id('phone') === null ? 'mule_ring' : 'scam_caller') : null,
        engaged: false,
      },
    ];
  }

  #points(fired: ReadonlyMap<string, number>, nowMs: number, memoryMs = MEMORY_MS): { victim: number; offender: number } {
    const groups = new Map<string, number[]>();
    for (const [id, atMs] of fired) {
      const feature = this.#catalogue.byId.get(id);
      if (feature === undefined || nowMs - atMs >= memoryMs) continue;
      const name = `${isOffender(feature) ? 'offender' : 'victim'}/${feature.group}`;
      const weights = groups.get(name) ?? [];
      weights.push(feature.fires.weight);
      groups.set(name, weights);
    }
    const sums = { victim: 0, offender: 0 };
    for (const [name, weights] of groups) {
      const most = weights.toSorted((a, b) => Math.abs(b) - Math.abs(a)).slice(0, PER_GROUP);
      sums[name.startsWith('offender') ? 'offender' : 'victim'] += most.reduce((sum, weight) => sum + weight, 0);
    }
    return sums;
  }
}

function keep(fired: Map<string, number>, { feature, fires, t }: Evaluation): void {
  if (fires) fired.set(feature, Math.max(t, fired.get(feature) ?? 0));
}

/** Of the budget of visits, what P1 takes; rounds are twelve times the visits; who is only written to is twice as many again. */
const SHARES: readonly (readonly [Level, number])[] = [
  ['P1', 1 / 3],
  ['P2', 1],
  ['P3', 12],
  ['P4', 24],
];

/** Bars that as many persons reach as a budget of visits a day can be spent on, weighed as in life; nobody steps in meanwhile. */
export function bars(runs: readonly Run[], visitsPerDay: number): string[] {
  const reached = runs
    .flatMap((run) => {
      const labels = new Map(run.cases.map(({ label }) => [label.person, label]));
      return run.judgements.map(({ person, score }) => {
        const label = labels.get(person);
        return { score, weight: label === undefined ? run.options.times : label.label === 'fraud' ? 1 : HONEST_WEIGHT };
      });
    })
    .toSorted((a, b) => b.score - a.score);
  const days = runs.reduce((sum, { options }) => sum + options.days, 0);
  return SHARES.map(([level, share]) => {
    let left = visitsPerDay * days * share;
    const first = reached.find(({ weight }) => (left -= weight) < 0);
    return `${level}: more than ${first?.score.toFixed(1) ?? 'nobody'} points`;
  });
}
