import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { compareEvents } from '@skyeye/language';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FastEngine, HistoryEngine, planOf, type Evaluation } from '../index.ts';
import { Chance, randomStream } from './testing/random-events.ts';

const plan = planOf(loadCatalogue());
const options = { plan, holidays: officialHolidays(), scope: 'all' } as const;
const MINUTE_MS = 60_000;

/** The last value said of each feature, key and as-of event. */
function said(engine: FastEngine, batches: readonly (readonly StreamEvent[])[]): Map<string, Evaluation> {
  const last = new Map<string, Evaluation>();
  for (const batch of batches) {
    for (const { evaluations } of engine.ingest(batch))
      for (const evaluation of evaluations) last.set(`${evaluation.eventId} ${evaluation.feature} ${evaluation.key}`, evaluation);
  }
  return last;
}

test('any order within the lateness, doubled events and any batches end in the same answers to every question', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 5, max: 60 }), (seed, length) => {
      // Stamps that look up to the event itself depend on what came before it, so the events bring theirs.
      const raw = randomStream(seed, length).events;
      const oracle = new HistoryEngine(options);
      const byId = new Map(raw.map((event) => [event.id, event]));
      const ordered = [...byId.values()].sort(compareEvents).flatMap((event) => oracle.ingest([event])[0]?.event ?? []);
      const chance = new Chance(seed);
      // Every source may be two minutes late at least.
      const arrival = (event: StreamEvent): number => event.t + chance.below(2 * MINUTE_MS);
      const shuffled = ordered
        .map((event) => ({ event, at: arrival(event) }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      const doubled = shuffled.flatMap((event) => (chance.below(5) === 0 ? [event, event] : [event]));
      const batches: StreamEvent[][] = [];
      for (let from = 0; from < doubled.length;) {
        const size = 1 + chance.below(7);
        batches.push(doubled.slice(from, from + size));
        from += size;
      }
      const straight = new FastEngine({ ...options, stamped: true });
      // What is kept besides long lists has to take late events in, too.
      const mixed = new FastEngine({ ...options, stamped: true, hotAt: 4 });
      const one = said(
        straight,
        ordered.map((event) => [event]),
      );
      const other = said(mixed, batches);
      // The latest as-of point of each key has seen everything, whichever way it came.
      const newest = new Map<string, number>();
      for (const { feature, key, t } of one.values()) newest.set(`${feature} ${key}`, Math.max(newest.get(`${feature} ${key}`) ?? 0, t));
      for (const [name, evaluation] of one) {
        if (newest.get(`${evaluation.feature} ${evaluation.key}`) === evaluation.t && other.has(name))
          expect(other.get(name)).toEqual(evaluation);
      }
      for (const event of ordered.slice(-5)) {
        const question = { ...event, id: 'S09:question', t: (ordered.at(-1) as StreamEvent).t + 1 };
        expect(mixed.peek(question)).toEqual(straight.peek(question));
      }
      expect(mixed.stats().keys).toBe(straight.stats().keys);
    }),
    { numRuns: 40, seed: 17 },
  );
}, 300_000);

test('a checkpoint of the first engine is read on by the compiled one', () => {
  const { references, events } = randomStream(5, 200);
  const [slow, fast] = [new HistoryEngine(options), new FastEngine(options)];
  slow.learn(references);
  slow.ingest(events.slice(0, 150));
  fast.restore(structuredClone([...slow.checkpoint()]));
  expect(fast.stats()).toEqual(slow.stats());
  for (const event of events.slice(150)) expect(fast.ingest([event])).toEqual(slow.ingest([event]));
});

test('a checkpoint of another format, and one for an engine that holds something, are refused', () => {
  const engine = new FastEngine(options);
  const head = {
    kind: 'head',
    format: 99,
    catalogue: '',
    watermarks: {},
    accounts: { folded: 0, late: 0, duplicate: 0, tooLate: 0 },
    sessions: [],
  } as const;
  expect(() => engine.restore([head])).toThrow('has a format that this engine does not read');
  engine.ingest(randomStream(1, 3).events);
  expect(() => engine.restore([])).toThrow('restored into an empty engine');
});
