import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import {
  rawReference,
  SCAMS,
  SOURCES,
  type Reference,
  type Scam,
  type StreamEvent,
  type StreamName,
  type SubjectKind,
} from '@skyeye/contracts';
import { Detector, SubjectDetector, type Cause, type Pending } from '@skyeye/detection';
import { createEngine, planOf } from '@skyeye/engine';
import { NO_HOLIDAYS } from '@skyeye/language';
import { labelledBatch } from '@skyeye/simulator/labels';
import type { TrainingSet } from '@skyeye/model';

export interface County {
  readonly seed: number;
  readonly residents: number;
  readonly days: number;
  readonly scams: 'dense' | 'many' | 'realistic';
  /** With dense: county ms between two payments about to be made. */
  readonly everyMs: number;
  /** With many: scams are so many times as frequent as in life. */
  readonly times?: number;
  /** Amounts of the scripts times this, by case. */
  readonly amounts?: readonly [least: number, most: number];
  /** Streams that nobody delivers. */
  readonly silent?: readonly StreamName[];
}

/** One judgement of a person, an account or a number with the truth about it. */
export interface Example {
  readonly row: Float32Array;
  /** The script the subject was in at that moment; null for ordinary life and innocent scripts. */
  readonly scam: Scam | null;
  /** The innocent script, or 'life'. */
  readonly negative: string;
  readonly ruleProbability: number;
  /** When it was judged, and who. */
  readonly t: number;
  readonly subject: string;
  /** When the truth is known at the earliest: the script's last step, or the judgement itself. */
  readonly settledMs: number;
  /** Money that left by the script within the hour after. */
  readonly lostHourFen: number;
  /** How many judgements of life this one stands for, against one of somebody in a scam. */
  readonly weight: number;
  /** For the card only, never an input. */
  readonly groups: Readonly<Record<string, string>>;
}

/** Look-alikes per scam in life (the simulator's realistic setting has ten) against those of a crowded county (two). */
const HONEST_WEIGHT = 5;
/** An innocent judgement counts at most so many times while a model is fitted: more would drown the scams. Calibration knows the rest. */
const FIT_WEIGHT_MAX = 8;
/** Scripts in which the person named is no victim. */
const OFFENDERS = new Set(['mule_ring', 'scam_caller']);
const BATCH = 500;
const TICK_MS = 120_000;
const HOUR_MS = 3_600_000;
/** A judgement soon after the last step still belongs to the script. */
const AFTER_MS = 1_800_000;
/** So that one busy subject does not outweigh the others. */
const PER_SUBJECT_MAX = { person: 25, account: 8, number: 8 } as const;

interface Judged {
  readonly subject: string;
  readonly t: number;
  readonly row: Float32Array;
  readonly ruleProbability: number;
}
export interface Collected {
  readonly person: Example[];
  readonly account: Example[];
  readonly number: Example[];
  readonly events: number;
}

/**
 * Runs one simulated county through the same engine and detection as the scorer does, records in order of arrival, and keeps
 * the models' inputs of every judgement. Nobody steps in, so every script runs to its end. Cost: about 15 s per 100,000 records.
 */
export function collect({ seed, residents, days, scams, everyMs, times, amounts, silent = [] }: County): Collected {
  const missing = new Set(silent.map((stream) => `raw.${stream}`));
  const catalogue = loadCatalogue();
  const engine = createEngine({ plan: planOf(catalogue), holidays: NO_HOLIDAYS });
  const detector = new Detector({ catalogue, policies: loadPolicies(), versions: { model: 'none', engine: 'fast' } });
  const versions = { model: 'none', account: 'none', number: 'none', engine: 'fast' };
  const subjects = new SubjectDetector({ catalogue, policies: loadPolicies(), versions });
  const { population, records, truth } = labelledBatch({
    seed,
    residents,
    days,
    scams,
    everyMs,
    ...(times === undefined ? {} : { times }),
    ...(amounts === undefined ? {} : { amounts }),
  });
  const judged = {
    person: new Kept(PER_SUBJECT_MAX.person),
    account: new Kept(PER_SUBJECT_MAX.account),
    number: new Kept(PER_SUBJECT_MAX.number),
  };
  const keep = (causes: readonly Cause[]): void => {
    for (const { person, t, row, rule } of detector.observe(causes) satisfies readonly Pending[])
      judged.person.add({ subject: person, t, row, ruleProbability: rule.probability });
    const pendings = subjects.observe(causes);
    for (const { kind, key, t, row, ruleProbability } of pendings) judged[kind].add({ subject: key, t, row, ruleProbability });
  };
  let waiting: StreamEvent[] = [];
  let tickedMs = 0;
  let events = 0;
  const flush = (): void => {
    keep(engine.ingest(waiting).flatMap(({ event, outcome, evaluations }) => (outcome === 'folded' ? [{ event, evaluations }] : [])));
    events += waiting.length;
    waiting = [];
  };
  for (const { topic, record, arrivalMs } of records) {
    if (topic === 'raw.reference') {
      const learnt = referencesOf(record);
      engine.learn(learnt);
      subjects.learn(learnt);
      continue;
    }
    if (missing.has(topic)) continue;
    waiting.push(...eventsOf(topic.slice('raw.'.length), record, arrivalMs));
    if (waiting.length < BATCH && arrivalMs - tickedMs < TICK_MS) continue;
    flush();
    if (arrivalMs - tickedMs < TICK_MS) continue;
    const evaluations = engine.tick(arrivalMs);
    if (evaluations.length > 0) keep([{ event: null, evaluations }]);
    tickedMs = arrivalMs;
  }
  flush();
  const told = truth();
  const residentsById = new Map(population.residents.map((resident) => [resident.id, resident]));
  return {
    person: labelledPersons(judged.person.list, told, times ?? 1, (id) => {
      const resident = residentsById.get(id);
      if (resident === undefined) return { age: 'unknown', gender: 'unknown', origin: 'unknown' };
      return {
        age: resident.age < 25 ? 'under 25' : resident.age < 60 ? '25 to 59' : '60 and over',
        gender: resident.sex === 'f' ? 'women' : 'men',
        origin: id.startsWith(population.county.code) ? 'born in the county' : 'moved in',
      };
    }),
    account: labelledSubjects('account', judged.account.list, told),
    number: labelledSubjects('number', judged.number.list, told),
    events,
  };
}

/** Judgements, the first so many of each subject in each day. */
class Kept {
  readonly list: Judged[] = [];
  readonly #counts = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  add(judged: Judged): void {
    const name = `${judged.subject} ${Math.floor(judged.t / (24 * HOUR_MS))}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count <= this.#max) this.list.push(judged);
  }
}

type Truth = ReturnType<ReturnType<typeof labelledBatch>['truth']>;

function labelledPersons(
  judged: readonly Judged[],
  truth: Truth,
  times: number,
  groupsOf: (person: string) => Example['groups'],
): Example[] {
  const byPerson = Map.groupBy(truth, ({ person }) => person);
  return judged.flatMap(({ subject, t, row, ruleProbability }) => {
    const scripts = byPerson.get(subject) ?? [];
    const weight = scripts.some(({ label }) => label === 'fraud') ? 1 : scripts.length > 0 ? HONEST_WEIGHT : times;
    const then = scripts.filter(({ firstContactMs, lastStepMs }) => t >= firstContactMs && t <= lastStepMs + AFTER_MS);
    if (then.some(({ script }) => OFFENDERS.has(script))) return [];
    const fraud = then.find(({ label }) => label === 'fraud');
    const lostHourFen = fraud?.lost.reduce((sum, { atMs, amtFen }) => (atMs > t && atMs <= t + HOUR_MS ? sum + amtFen : sum), 0) ?? 0;
    return [
      {
        row,
        ruleProbability,
        t,
        subject,
        lostHourFen,
        scam: fraud === undefined ? null : (fraud.script as Scam),
        negative: then[0]?.script ?? 'life',
        settledMs: fraud?.lastStepMs ?? t,
        weight,
        groups: groupsOf(subject),
      },
    ];
  });
}

/**
 * An account that a gang brings is a mule's from its opening, long before the first contact, and so is a caller's number. What the
 * person in the script has of their own is not: nobody pays there, and nobody is called from there.
 */
function labelledSubjects(kind: SubjectKind, judged: readonly Judged[], truth: Truth): Example[] {
  const bySubject = new Map<string, Truth[number][]>();
  for (const label of truth)
    for (const name of new Set(kind === 'number' ? label.callers : label.label === 'fraud' ? label.mules : label.accounts))
      bySubject.set(name, [...(bySubject.get(name) ?? []), label]);
  return judged.map(({ subject, t, row, ruleProbability }) => {
    const then = bySubject.get(subject) ?? [];
    const fraud = then.find(({ label }) => label === 'fraud');
    return {
      row,
      ruleProbability,
      t,
      subject,
      lostHourFen: 0,
      scam: fraud === undefined ? null : (fraud.script as Scam),
      negative: then[0]?.script ?? 'life',
      settledMs: fraud?.lastStepMs ?? t,
      weight: 1,
      groups: {},
    };
  });
}

function eventsOf(stream: string, record: Readonly<Record<string, unknown>>, arrivalMs: number): StreamEvent[] {
  const source = SOURCES[stream as StreamName];
  return source.normalise(source.raw.parse(record)).map((event) => ({ ...event, it: arrivalMs }));
}

/** As ingest makes them, with identifiers in clear: nobody of this county exists. */
function referencesOf(raw: Readonly<Record<string, unknown>>): Reference[] {
  const record = rawReference.parse(raw);
  if (record.kind !== 'history') return [record];
  const { stream, record: inner } = record;
  return eventsOf(stream, inner, Number(inner['t'])).map((event) => ({ id: event.id, kind: 'history', event }));
}

export const SCAM_NAMES = Object.keys(SCAMS).filter((name) => !OFFENDERS.has(name)) as Scam[];

/** Class weights make both classes count the same in sum, within limits: a rare positive is not worth a thousand negatives. */
export function trainingSet(examples: readonly Example[], width: number): TrainingSet {
  const positives = examples.filter(({ scam }) => scam !== null).length;
  const crowded = examples.some(({ weight }) => weight !== 1);
  const positiveWeight = crowded ? 1 : Math.min(10, Math.max(0.5, (examples.length - positives) / Math.max(1, positives)));
  const rows = new Float32Array(examples.length * width);
  for (const [index, { row }] of examples.entries()) rows.set(row, index * width);
  return {
    rows,
    labels: Float32Array.from(examples, ({ scam }) => (scam === null ? 0 : 1)),
    weights: Float32Array.from(examples, ({ scam, weight }) => (scam === null ? Math.min(FIT_WEIGHT_MAX, weight) : positiveWeight)),
    scams: Int32Array.from(examples, ({ scam }) => (scam === null ? -1 : SCAM_NAMES.indexOf(scam))),
  };
}
