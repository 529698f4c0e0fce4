import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import { rawReference, SCAMS, SOURCES, type Reference, type Scam, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { Detector, type Pending } from '@skyeye/detection';
import { HistoryEngine, planOf } from '@skyeye/engine';
import { NO_HOLIDAYS } from '@skyeye/language';
import { labelledBatch } from '@skyeye/simulator/labels';
import type { TrainingSet } from '@skyeye/model';

export interface County {
  readonly seed: number;
  readonly residents: number;
  readonly days: number;
  readonly scams: 'dense' | 'many';
}

/** One judgement with the truth about it. */
export interface Example {
  readonly row: Float32Array;
  /** The script the person was in at that moment; null for ordinary life and innocent scripts. */
  readonly scam: Scam | null;
  /** The innocent script, or 'life'. */
  readonly negative: string;
  readonly ruleProbability: number;
}

/** Scripts in which the person named is no victim. */
const OFFENDERS = new Set(['mule_ring', 'scam_caller']);
const BATCH = 500;
const TICK_MS = 120_000;
/** A judgement soon after the last step still belongs to the script. */
const AFTER_MS = 1_800_000;
/** So that one busy person does not outweigh the others. */
const PER_PERSON_MAX = 60;

/**
 * Runs one simulated county through the same engine and detection as the scorer does, records in order of arrival, and keeps
 * the model's input of every judgement. Nobody steps in, so every script runs to its end. Cost: about a minute per 50,000 records.
 */
export function collect({ seed, residents, days, scams }: County): { examples: Example[]; events: number } {
  const catalogue = loadCatalogue();
  const engine = new HistoryEngine({ plan: planOf(catalogue), holidays: NO_HOLIDAYS });
  const detector = new Detector({ catalogue, policies: loadPolicies(), versions: { model: 'none', engine: 'history' } });
  const { records, truth } = labelledBatch({ seed, residents, days, scams });
  const judged: { person: string; t: number; row: Float32Array; ruleProbability: number }[] = [];
  const keep = (pendings: readonly Pending[]): void => {
    for (const { person, t, row, rule } of pendings) judged.push({ person, t, row, ruleProbability: rule.probability });
  };
  let waiting: StreamEvent[] = [];
  let tickedMs = 0;
  let events = 0;
  const flush = (): void => {
    keep(detector.observe(engine.ingest(waiting).flatMap(({ event, outcome, evaluations }) => (outcome === 'folded' ? [{ event, evaluations }] : []))));
    events += waiting.length;
    waiting = [];
  };
  for (const { topic, record, arrivalMs } of records) {
    if (topic === 'raw.reference') {
      engine.learn(referencesOf(record));
      continue;
    }
    waiting.push(...eventsOf(topic.slice('raw.'.length), record, arrivalMs));
    if (waiting.length < BATCH && arrivalMs - tickedMs < TICK_MS) continue;
    flush();
    if (arrivalMs - tickedMs < TICK_MS) continue;
    const evaluations = engine.tick(arrivalMs);
    if (evaluations.length > 0) keep(detector.observe([{ event: null, evaluations }]));
    tickedMs = arrivalMs;
  }
  flush();
  return { examples: labelled(judged, truth()), events };
}

type Truth = ReturnType<ReturnType<typeof labelledBatch>['truth']>;

function labelled(judged: readonly { person: string; t: number; row: Float32Array; ruleProbability: number }[], truth: Truth): Example[] {
  const byPerson = Map.groupBy(truth, ({ person }) => person);
  const counts = new Map<string, number>();
  return judged.flatMap(({ person, t, row, ruleProbability }) => {
    const count = (counts.get(person) ?? 0) + 1;
    counts.set(person, count);
    const then = (byPerson.get(person) ?? []).filter(({ firstContactMs, lastStepMs }) => t >= firstContactMs && t <= lastStepMs + AFTER_MS);
    if (count > PER_PERSON_MAX || then.some(({ script }) => OFFENDERS.has(script))) return [];
    const fraud = then.find(({ label }) => label === 'fraud');
    return [{ row, ruleProbability, scam: fraud === undefined ? null : (fraud.script as Scam), negative: then[0]?.script ?? 'life' }];
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
  const positiveWeight = Math.min(10, Math.max(0.5, (examples.length - positives) / Math.max(1, positives)));
  const rows = new Float32Array(examples.length * width);
  for (const [index, { row }] of examples.entries()) rows.set(row, index * width);
  return {
    rows,
    labels: Float32Array.from(examples, ({ scam }) => (scam === null ? 0 : 1)),
    weights: Float32Array.from(examples, ({ scam }) => (scam === null ? 1 : positiveWeight)),
    scams: Int32Array.from(examples, ({ scam }) => (scam === null ? -1 : SCAM_NAMES.indexOf(scam))),
  };
}
