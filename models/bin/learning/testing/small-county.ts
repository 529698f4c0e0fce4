import type { Arrival } from '@skyeye/backtest';
import { loadCatalogue, loadPolicies, loadRules } from '@skyeye/catalogue';
import { rawReference, SOURCES, type Assessment, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { Detector, RuleBook } from '@skyeye/detection';
import { labelledBatch, type Label as Truth } from '@skyeye/simulator/labels';
import { play, type Judgement } from '../stored-days.ts';

export interface SmallCounty {
  readonly arrivals: readonly Arrival[];
  /** The first assessment of each person with a level. */
  readonly assessments: readonly Assessment[];
  readonly judgements: readonly Judgement[];
  readonly isFraud: (person: string, t: number) => boolean;
}

const AFTER_MS = 1_800_000;
const OFFENDERS = new Set(['mule_ring', 'scam_caller']);

/** A simulated county with its assessments by rules, for tests. Cost: some seconds. */
export async function smallCounty({
  seed,
  residents,
  days,
}: {
  readonly seed: number;
  readonly residents: number;
  readonly days: number;
}): Promise<SmallCounty> {
  const batch = labelledBatch({ seed, residents, days, scams: 'dense', everyMs: 900_000 });
  const arrivals = [...batch.records].flatMap(({ topic, record, arrivalMs }): Arrival[] =>
    topic === 'raw.reference'
      ? [{ kind: 'reference', atMs: arrivalMs, records: referencesOf(record) }]
      : eventsOf(topic.slice('raw.'.length), record, arrivalMs).map((event) => ({ kind: 'event', atMs: arrivalMs, event })),
  );
  const detector = new Detector({
    catalogue: loadCatalogue(),
    policies: loadPolicies(),
    rules: new RuleBook({ live: loadRules(), shadow: [] }),
    versions: { model: 'none', engine: 'fast' },
  });
  const first = new Map<string, Assessment>();
  const judgements: Judgement[] = [];
  await play(arrivals, (causes) => {
    const pendings = detector.observe(causes);
    for (const { person, t, row } of pendings) judgements.push({ person, t, row });
    for (const made of detector.conclude(pendings, null)) if (made.level !== null && !first.has(made.person)) first.set(made.person, made);
  });
  const truth = Map.groupBy(batch.truth(), ({ person }) => person);
  const isFraud = (person: string, t: number): boolean =>
    (truth.get(person) ?? []).some((one) => isVictim(one) && t >= one.firstContactMs && t <= one.lastStepMs + AFTER_MS);
  return { arrivals, assessments: [...first.values()], judgements, isFraud };
}

const isVictim = ({ label, script }: Truth): boolean => label === 'fraud' && !OFFENDERS.has(script);

function eventsOf(stream: string, record: Readonly<Record<string, unknown>>, arrivalMs: number): StreamEvent[] {
  const source = SOURCES[stream as StreamName];
  return source.normalise(source.raw.parse(record)).map((event) => ({ ...event, it: arrivalMs }));
}

function referencesOf(raw: Readonly<Record<string, unknown>>): Reference[] {
  const record = rawReference.parse(raw);
  if (record.kind !== 'history') return [record];
  return eventsOf(record.stream, record.record, Number(record.record['t'])).map((event) => ({ id: event.id, kind: 'history', event }));
}
