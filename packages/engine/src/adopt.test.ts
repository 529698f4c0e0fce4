import { readFileSync } from 'node:fs';
import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { expect, test } from 'vitest';
import { createEngine, Plan, planOf, type LiveEngine } from './index.ts';
import { PROFILES, randomStream } from './fast/testing/random-events.ts';
import { GOLDEN_SETS, goldenFrom } from './testing/golden.ts';

const { goldenEvents, goldenOptions } = goldenFrom((name) =>
  readFileSync(new URL(`../../testkit/golden/${name}`, import.meta.url), 'utf8'),
);

const whole = planOf(loadCatalogue());
/** The catalogue without every third feature: what a newer one adds to. */
const older = new Plan(
  whole.features.filter((_, index) => index % 3 !== 0),
  'older',
);
function adopt(engine: LiveEngine, plan: Plan, between: () => void = () => undefined): void {
  for (const _ of engine.adopt(plan)) between();
}

test.each(GOLDEN_SETS)(
  'features that come while %s runs have at once the values they would have had, unless they say from when on',
  (set) => {
    const events = goldenEvents(set);
    const options = goldenOptions(set);
    const changing = createEngine({ plan: older, ...options, partSize: 25 });
    const always = createEngine({ plan: whole, ...options });
    const half = Math.floor(events.length / 2);
    let at = 0;
    const next = (): void => {
      const event = events[at++];
      if (event === undefined) return;
      const [said, wanted] = [changing.ingest([event])[0]?.evaluations ?? [], always.ingest([event])[0]?.evaluations ?? []];
      const warming = new Set(said.filter(({ warmingUntil }) => warmingUntil !== undefined).map(({ feature }) => feature));
      const names = new Set(said.map(({ feature }) => feature));
      expect(said.filter(({ feature }) => !warming.has(feature))).toEqual(
        wanted.filter(({ feature }) => names.has(feature) && !warming.has(feature)),
      );
      expect(warming.size).toBeLessThanOrEqual(said.length);
    };
    while (at < half) next();
    adopt(changing, whole, next);
    expect(changing.plan).toBe(whole);
    const from = at;
    while (at < events.length) next();
    expect(at).toBeGreaterThan(from);
    expect(changing.stats().events).toBe(always.stats().events);
    // And retired ones are gone, the others as they were.
    adopt(changing, older);
    const question = { ...(events.at(-1) as (typeof events)[number]), id: 'S09:question' };
    const left = new Set(older.features.map(({ id }) => id));
    expect(changing.peek(question).evaluations.map(({ feature, value }) => [feature, value])).toEqual(
      always.peek(question).evaluations.flatMap(({ feature, value }) => (left.has(feature) ? [[feature, value]] : [])),
    );
  },
  60_000,
);

test('a feature over a field that was not kept says until when it warms up, after a checkpoint of an older catalogue, too, and is right from then on', () => {
  const fieldless = new Plan(
    whole.features.filter(({ reads }) => !reads.has('loc') && !reads.has('meeting') && !reads.has('web')),
    'fieldless',
  );
  const { references, events } = randomStream(9, 150, PROFILES[0]);
  const options = { holidays: officialHolidays(), scope: 'all' } as const;
  const [running, always] = [createEngine({ plan: fieldless, ...options }), createEngine({ plan: whole, ...options })];
  for (const engine of [running, always]) {
    engine.learn(references);
    engine.ingest(events.slice(0, 80));
  }
  const restored = createEngine({ plan: whole, ...options });
  restored.restore(structuredClone([...running.checkpoint()]));
  adopt(running, whole);
  expect([...restored.warming]).toEqual([...running.warming]);
  expect(running.warming.size).toBeGreaterThan(0);
  const newestMs = Math.max(...events.slice(0, 80).map(({ t }) => t));
  for (const untilMs of running.warming.values()) expect(untilMs).toBeGreaterThan(newestMs);
  // Another restart does not forget it.
  const later = createEngine({ plan: whole, ...options });
  later.restore(structuredClone([...restored.checkpoint()]));
  expect([...later.warming]).toEqual([...running.warming]);
  let warm = 0;
  for (const event of events.slice(80)) {
    const wanted = always.ingest([event])[0]?.evaluations ?? [];
    for (const engine of [running, restored, later]) {
      const said = engine.ingest([event])[0]?.evaluations ?? [];
      for (const [index, evaluation] of said.entries()) {
        if (evaluation.warmingUntil === undefined) expect(evaluation).toEqual(wanted[index]);
        else {
          expect(evaluation.t).toBeLessThan(evaluation.warmingUntil);
          warm += 1;
        }
      }
    }
  }
  expect(warm).toBeGreaterThan(0);
}, 240_000);
