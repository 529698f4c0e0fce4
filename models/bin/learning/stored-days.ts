import { reported, type Arrival } from '@skyeye/backtest';
import { loadCatalogue, loadPolicies, loadRules, officialHolidays } from '@skyeye/catalogue';
import { SCAMS, type Scam, type StreamEvent } from '@skyeye/contracts';
import { Detector, RuleBook, type Cause } from '@skyeye/detection';
import { createEngine, planOf } from '@skyeye/engine';
import type { FiledCase, PersonDay } from '@skyeye/learning';

/** A model's input at a moment, as it was then: nothing later is in it. */
export interface Judgement {
  readonly person: string;
  readonly t: number;
  readonly row: Float32Array;
}

export interface StoredDays {
  readonly judgements: readonly Judgement[];
  readonly cases: readonly FiledCase[];
  readonly personDays: readonly PersonDay[];
  readonly events: number;
  /** Arrival of the first and of the last event. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** One after the other, or in pieces. */
export type Arrivals = AsyncIterable<Arrival | readonly Arrival[]> | Iterable<Arrival | readonly Arrival[]>;

const BATCH = 256;
const TICK_MS = 30_000;
const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;
/** So that one busy person does not outweigh the others. */
const PER_PERSON_DAY = 25;
/** A fraud that was filed began at most so long before. */
const BEFORE_REPORT_MS = 72 * 3_600_000;

export const countyDayOf = (ms: number): number => Math.floor((ms + SHANGHAI_MS) / DAY_MS);

/** Stored events once more through engine and detection as they are released: inputs of every judgement, who filed a case, what fired. */
export async function storedDays(arrivals: Arrivals): Promise<StoredDays> {
  const catalogue = loadCatalogue();
  const detector = new Detector({
    catalogue,
    policies: loadPolicies(),
    rules: new RuleBook({ live: loadRules(), shadow: [] }),
    versions: { model: 'none', engine: 'fast' },
  });
  const judgements: Judgement[] = [];
  const cases: FiledCase[] = [];
  const days = new Map<string, { person: string; day: number; features: Set<string>; known: boolean; outFen: number }>();
  const kept = new Map<string, number>();
  const dayOf = (person: string, t: number) => {
    const day = countyDayOf(t);
    const name = `${person} ${day}`;
    const known = days.get(name) ?? { person, day, features: new Set<string>(), known: false, outFen: 0 };
    days.set(name, known);
    return known;
  };
  const see = (causes: readonly Cause[]): void => {
    const pendings = detector.observe(causes);
    for (const { person, t, row } of pendings) {
      const name = `${person} ${countyDayOf(t)}`;
      const count = (kept.get(name) ?? 0) + 1;
      kept.set(name, count);
      if (count <= PER_PERSON_DAY) judgements.push({ person, t, row });
    }
    for (const { person, level, t } of detector.conclude(pendings, null))
      if (level !== null && level !== 'P4') dayOf(person, t).known = true;
    for (const { event, evaluations } of causes) {
      for (const { person, fires, feature, t } of evaluations) if (fires && person !== null) dayOf(person, t).features.add(feature);
      const person = event?.['person'];
      // Only of those with signals: everybody else is no row of the list.
      if (
        event === null ||
        typeof person !== 'string' ||
        event['dir'] !== 'out' ||
        event['np180p'] !== true ||
        typeof event['amt'] !== 'number'
      )
        continue;
      const day = days.get(`${person} ${countyDayOf(event.t)}`);
      if (day !== undefined && event['st'] !== 'init') day.outFen += event['amt'];
    }
  };
  const { events, fromMs, untilMs } = await play(arrivals, see, (event) => {
    for (const { person, script, untilMs: atMs } of reported(event))
      cases.push({ person, scam: script in SCAMS ? (script as Scam) : null, fromMs: atMs - BEFORE_REPORT_MS, untilMs: atMs, atMs });
  });
  return {
    judgements,
    cases,
    personDays: [...days.values()].map(({ features, ...day }) => ({ ...day, features: [...features] })),
    events,
    fromMs,
    untilMs,
  };
}

/** Folds arrivals as the scorer does, batches between the minute clocks, and hands on what caused something. */
export async function play(
  arrivals: Arrivals,
  see: (causes: readonly Cause[]) => void | Promise<void>,
  onEvent: (event: StreamEvent) => void = () => undefined,
): Promise<{ readonly events: number; readonly fromMs: number; readonly untilMs: number }> {
  const engine = createEngine({ plan: planOf(loadCatalogue()), holidays: officialHolidays() });
  let batch: Extract<Arrival, { kind: 'event' }>[] = [];
  let [events, fromMs, untilMs, tickedMs] = [0, 0, 0, 0];
  const flush = async (): Promise<void> => {
    await see(
      engine
        .ingest(batch.map(({ event }) => event))
        .flatMap(({ event, outcome, evaluations }) => (outcome === 'folded' ? [{ event, evaluations }] : [])),
    );
    events += batch.length;
    batch = [];
    if (Math.floor(untilMs / TICK_MS) <= Math.floor(tickedMs / TICK_MS)) return;
    tickedMs = untilMs;
    const evaluations = engine.tick(untilMs);
    if (evaluations.length > 0) await see([{ event: null, evaluations }]);
  };
  for await (const piece of arrivals)
    for (const arrival of [piece].flat()) {
      if (arrival.kind === 'reference') {
        engine.learn(arrival.records);
        continue;
      }
      if (batch.length >= BATCH || (batch.length > 0 && Math.floor(arrival.atMs / TICK_MS) > Math.floor(untilMs / TICK_MS))) await flush();
      if (fromMs === 0) fromMs = arrival.atMs;
      untilMs = arrival.atMs;
      batch.push(arrival);
      onEvent(arrival.event);
    }
  if (batch.length > 0) await flush();
  return { events, fromMs, untilMs };
}
