import { demoCounty } from '@skyeye/geo';
import type { County } from '@skyeye/contracts';
import { DeliveryQueue, type Delivered } from './delivery.ts';
import { chunkOf, CHUNK_MS, Habits } from './habits.ts';
import { asHistory, bulkImport, type ReferenceMessage } from './import.ts';
import { labelOf, type Label } from './label.ts';
import { executed } from './payment.ts';
import { DAY_MS, makePopulation, type Population } from './population.ts';
import { HOME } from './province.ts';
import { keyOf, type Emission } from './records.ts';
import { Instance, type Gate } from './scripts/instance.ts';
import type { Plan } from './scripts/plan.ts';
import { Schedule, SCRIPT_MAX_MS, type Scams } from './scripts/schedule.ts';

export const REFERENCE_TOPIC = 'raw.reference';
/** Wednesday 16 September 2026, 15:00 in Asia/Shanghai. */
export const COUNTY_START_MS = Date.UTC(2026, 8, 16, 7);
export const RESIDENTS_DEFAULT = 20_000;

export interface BatchOptions {
  readonly seed: number;
  readonly days: number;
  /** Default 20,000. */
  readonly residents?: number;
  /** Default realistic. */
  readonly scams?: Scams;
  /** County ms between two payments about to be made with `dense`. Default ten minutes. */
  readonly everyMs?: number;
  /** With `many`: scams are so many times as frequent as in life, honest look-alikes twice as many as they. Default 100. */
  readonly times?: number;
  /** Amounts of the scripts times this, drawn once per case, evenly in their logarithm. Default: as written. */
  readonly amounts?: readonly [least: number, most: number];
  readonly startMs?: number;
  readonly county?: County;
}

const always: Gate = (_step, _payment, dueMs) => ({ kind: 'go', atMs: dueMs });

/** What a script did so shortly before the start is not past yet: it reaches us as records, and is evaluated. */
const BACKLOG_MS = 2 * 3_600_000;

/** What of a plan lies before the county's start: its registers, its past and its first steps. Leaves the instance at the start. */
export function* beforeStart(instance: Instance, startMs: number, live: (emitted: Emission) => void): Generator<ReferenceMessage> {
  const { plan } = instance;
  const past: ReferenceMessage[] = [];
  if (firstMs(plan) < startMs) {
    for (const emitted of plan.history) past.push(asHistory(emitted));
    instance.advance(
      startMs - 1,
      (emitted) => (emitted.record.t < startMs - BACKLOG_MS ? void past.push(asHistory(emitted)) : live(emitted)),
      always,
    );
    for (const { entity, record } of plan.references) past.push({ key: keyOf(entity), record });
  }
  yield* past;
}

/** When the plan begins to show. */
export const firstMs = (plan: Plan): number => plan.t0Ms + (plan.steps[0]?.offsetMs ?? 0);

class Batch {
  readonly population: Population;
  readonly instances: Instance[] = [];
  readonly #options: BatchOptions;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.population = makePopulation(
      options.seed,
      options.county ?? demoCounty,
      options.residents ?? RESIDENTS_DEFAULT,
      options.startMs ?? COUNTY_START_MS,
      options.amounts === undefined ? {} : { province: { ...HOME, script_amounts: [...options.amounts] } },
    );
  }

  *run(): Generator<Delivered> {
    const { seed, days, scams = 'realistic', everyMs = 600_000, times } = this.#options;
    const { startMs } = this.population;
    const endMs = startMs + days * DAY_MS;
    const reference = (message: ReferenceMessage, arrivalMs: number): Delivered => ({
      topic: REFERENCE_TOPIC,
      key: message.key,
      record: message.record,
      arrivalMs,
    });
    for (const message of bulkImport(this.population)) yield reference(message, startMs);
    const schedule = new Schedule(this.population, { scams, everyMs, times }, startMs - SCRIPT_MAX_MS);
    const queue = new DeliveryQueue(seed);
    const add = queue.add.bind(queue);
    let live: Instance[] = [];
    for (const plan of schedule.due(startMs)) {
      const instance = new Instance(plan);
      this.instances.push(instance);
      live.push(instance);
      for (const message of beforeStart(instance, startMs, add)) yield reference(message, startMs);
    }
    const habits = new Habits(this.population);
    const announced = new Set<Instance>(live.filter((instance) => firstMs(instance.plan) < startMs));
    for (let chunk = chunkOf(startMs); chunk * CHUNK_MS < endMs; chunk++) {
      const untilMs = Math.min(endMs, (chunk + 1) * CHUNK_MS) - 1;
      for (const plan of schedule.due(untilMs)) {
        const instance = new Instance(plan);
        this.instances.push(instance);
        live.push(instance);
      }
      for (const item of habits.chunk(chunk)) {
        if (item.kind === 'record') add(item.emission);
        else executed(item.payment, item.payment.fund.tMs).forEach(add);
      }
      for (const instance of live) {
        const atMs = firstMs(instance.plan);
        if (atMs > untilMs) continue;
        if (!announced.has(instance)) {
          announced.add(instance);
          for (const { entity, record } of instance.plan.references)
            queue.put(reference({ key: keyOf(entity), record }, Math.max(startMs, atMs - 1)));
          for (const past of instance.plan.history) queue.put(reference(asHistory(past), Math.max(startMs, atMs - 1)));
        }
        instance.advance(untilMs, add, always);
      }
      live = live.filter((instance) => !instance.finished);
      yield* queue.takeUntil(untilMs);
    }
    yield* queue.takeUntil(Infinity);
  }
}

/**
 * A county without wall time: the first day's import, then all records in the order in which they reach us. Nobody steps in, so
 * every script runs to its end. The same options give the same bytes. Cost: about 8 µs per record.
 */
export function simulateBatch(options: BatchOptions): Generator<Delivered> {
  return new Batch(options).run();
}

/** The same with the truth, which is complete when the records have been taken to the end. For training and tests only. */
export function labelledBatch(options: BatchOptions): {
  readonly population: Population;
  readonly records: Generator<Delivered>;
  truth(): Label[];
} {
  const batch = new Batch(options);
  return { population: batch.population, records: batch.run(), truth: () => batch.instances.map(labelOf) };
}
