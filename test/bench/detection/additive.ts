import { loadCatalogue, officialHolidays, type Catalogue, type Feature } from '@skyeye/catalogue';
import type { Level, Reference, StreamEvent, SubjectKind } from '@skyeye/contracts';
import type { Cause } from '@skyeye/detection';
import { createEngine, planOf, type Evaluation, type LiveEngine } from '@skyeye/engine';
import { Signals } from './signals.ts';
import type { Answer, Found, Judgement, Question, Said, Subject } from './subject.ts';

/** As DOMAIN §5 has it: the weights of what fired in the last two hours, three features of one group at most. */
const MEMORY_MS = 2 * 3_600_000;
const PER_GROUP = 3;
/** Points from which a level is said. Set once so high that hardly anybody honest is P1 or P2 (seed 51); not fitted further. */
export const ADDITIVE_LEVELS: readonly (readonly [Level, number])[] = [
  ['P1', 40],
  ['P2', 32],
  ['P3', 20],
  ['P4', 14],
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
}

/** Adding up the weights of the catalogue: no model, no rules, no kinds of evidence, no mitigation by share. */
export class Additive implements Subject {
  readonly name = 'additive';
  readonly #engine: LiveEngine;
  readonly #catalogue: Catalogue;
  readonly #signals: Signals;
  readonly #persons = new Map<string, Live>();
  readonly #others = new Map<string, Map<string, number>>();
  readonly #saidOthers = new Set<string>();
  #found: Found[] = [];
  #nowMs = 0;

  constructor() {
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
    const level = levelOf(this.#points(own, event.t).victim);
    return Promise.resolve({
      outcome: level === 'P1' || level === 'P2' ? 'hold' : level === 'P3' ? 'delay' : 'allow',
      signal: this.#signals.has(evaluations, person),
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
    return [];
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
        const live = known ?? { fired: new Map<string, number>(), said: null };
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
    const level = levelOf(Math.max(victim, offender));
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

const levelOf = (points: number): Level | null => ADDITIVE_LEVELS.find(([, least]) => points >= least)?.[0] ?? null;
