import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FastEngine, HistoryEngine, planOf, type Engine, type Evaluation } from '../index.ts';
import { Chance, PROFILES, randomStream, type Profile } from './testing/random-events.ts';

const plan = planOf(loadCatalogue());
/** Streams per run: a command sets more before a release. */
const STREAMS = Number(process.env['SKYEYE_CASES'] ?? 25);
const seed = Number(process.env['SKYEYE_SEED'] ?? 4711);

const sorted = (event: StreamEvent | undefined): string => JSON.stringify(Object.entries(event ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Where two lists of evaluations differ, in words; numbers may differ by 1e-9 of their size. */
function difference(fast: readonly Evaluation[], slow: readonly Evaluation[]): string | null {
  if (fast.length !== slow.length) return `${fast.length} evaluations, wanted ${slow.length}`;
  for (const [index, wanted] of slow.entries()) {
    const found = fast[index] as Evaluation;
    const near =
      typeof found.value === 'number' &&
      typeof wanted.value === 'number' &&
      Math.abs(found.value - wanted.value) <= 1e-9 * Math.abs(wanted.value);
    if (JSON.stringify({ ...found, value: 0 }) !== JSON.stringify({ ...wanted, value: 0 }) || (found.value !== wanted.value && !near))
      return `${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`;
  }
  return null;
}

interface Case {
  readonly seed: number;
  readonly length: number;
  readonly scope: 'residents' | 'all';
  readonly eventsMax: number;
  readonly hotAt: number;
  readonly profile: Profile;
}

/** Folds one stream with both engines; says where they differ first, and how many values were compared. */
function compared({ seed: of, length, scope, eventsMax, hotAt, profile }: Case): {
  readonly wrong: string | null;
  readonly values: number;
} {
  const { references, events } = randomStream(of, length, profile);
  const chance = new Chance(of + 1);
  const options = { plan, holidays: officialHolidays(), scope, eventsMax } as const;
  const slow: Engine = new HistoryEngine(options);
  let fast: Engine = new FastEngine({ ...options, hotAt });
  for (const engine of [slow, fast]) engine.learn(references);
  let values = 0;
  const differ = (event: StreamEvent | null, a: readonly Evaluation[], b: readonly Evaluation[], what: string): string | null => {
    values += b.length;
    const found = difference(a, b);
    return found === null ? null : `${what} ${event?.id ?? ''}: ${found}`;
  };
  for (const event of events) {
    if (chance.below(6) === 0) {
      const [asked, wanted] = [fast.peek(event), slow.peek(event)];
      const wrong =
        differ(event, asked.evaluations, wanted.evaluations, 'peek') ??
        (sorted(asked.event) === sorted(wanted.event) ? null : 'stamps of a question');
      if (wrong !== null) return { wrong, values };
    }
    const lane = chance.pick(['', 'bank/0', 'bank/1']);
    const [found, wanted] = [fast.ingest([event], [lane])[0], slow.ingest([event], [lane])[0]];
    if (found?.outcome !== wanted?.outcome) return { wrong: `${event.id}: ${found?.outcome}, wanted ${wanted?.outcome}`, values };
    if (sorted(found?.event) !== sorted(wanted?.event))
      return { wrong: `${event.id}: ${sorted(found?.event)}, wanted ${sorted(wanted?.event)}`, values };
    const wrong = differ(event, found?.evaluations ?? [], wanted?.evaluations ?? [], 'fold');
    if (wrong !== null) return { wrong, values };
    if (chance.below(10) === 0) {
      const nowMs = event.t + chance.below(100_000);
      const late = differ(null, fast.tick(nowMs), slow.tick(nowMs), 'tick');
      if (late !== null) return { wrong: late, values };
    }
    // What was forgotten is no part of a checkpoint.
    if (eventsMax > 100_000 && chance.below(40) === 0) {
      const parts = structuredClone([...fast.checkpoint()]);
      fast = new FastEngine({ ...options, hotAt });
      fast.restore(parts);
    }
  }
  const [a, b] = [fast.stats(), slow.stats()];
  return { wrong: JSON.stringify(a) === JSON.stringify(b) ? null : `${JSON.stringify(a)}, wanted ${JSON.stringify(b)}`, values };
}

test(`the compiled engine gives what the definition gives, on random streams (seed ${seed})`, () => {
  let values = 0;
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(),
        length: fc.integer({ min: 1, max: 120 }),
        scope: fc.constantFrom('residents' as const, 'all' as const),
        eventsMax: fc.constantFrom(4_000_000, 4_000_000, 30),
        hotAt: fc.constantFrom(4, 4, 20, 128),
        profile: fc.constantFrom(...PROFILES),
      }),
      (one) => {
        const { wrong, values: count } = compared(one);
        values += count;
        expect(wrong).toBeNull();
      },
    ),
    { numRuns: STREAMS, seed, endOnFailure: false },
  );
  expect(values).toBeGreaterThan(STREAMS * 100);
}, 600_000);
