import { readFileSync } from 'node:fs';
import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { expect, test } from 'vitest';
import { createEngine, planOf, type Evaluation, type LiveEngine } from './index.ts';
import { Chance, PROFILES, randomStream } from './fast/testing/random-events.ts';
import { GOLDEN_SETS, goldenFrom } from './testing/golden.ts';

const { goldenEvents, goldenOptions } = goldenFrom((name) =>
  readFileSync(new URL(`../../testkit/golden/${name}`, import.meta.url), 'utf8'),
);

const plan = planOf(loadCatalogue());

function expectExplained(engine: LiveEngine, { feature, key, eventId, value, fires, t }: Evaluation): void {
  const explanation = engine.why(feature, key, eventId === null ? { tMs: t } : { eventId });
  if (typeof value === 'number' && !Number.isInteger(value))
    expect(Math.abs(Number(explanation.value) - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value));
  else expect(explanation.value, `${feature} of ${key} at ${eventId}`).toBe(value);
  expect(explanation).toMatchObject({ feature, fires, t, eventId });
}

test.each(GOLDEN_SETS)(
  'the value that is explained is the value that was said, for every feature of %s',
  (set) => {
    const engine = createEngine({ plan, ...goldenOptions(set) });
    const explained = new Set<string>();
    for (const [index, event] of goldenEvents(set).entries()) {
      for (const evaluation of engine.ingest([event])[0]?.evaluations ?? []) {
        const { feature, value } = evaluation;
        const isNew = !explained.has(feature) && value !== 0 && value !== null && value !== false;
        if (isNew) explained.add(feature);
        if (isNew || index % 97 === 0) expectExplained(engine, evaluation);
      }
    }
    expect(explained.size).toBeGreaterThan(30);
  },
  60_000,
);

test('so it is on random streams, with reference data, late events and minute clocks', () => {
  let compared = 0;
  for (let seed = 100; seed < 103; seed++) {
    const chance = new Chance(seed);
    const { references, events } = randomStream(seed, 80, PROFILES[seed % PROFILES.length]);
    const engine = createEngine({ plan, holidays: officialHolidays() });
    engine.learn(references);
    for (const event of events) {
      const said = [...(engine.ingest([event])[0]?.evaluations ?? []), ...(chance.below(8) === 0 ? engine.tick(event.t + 5_000) : [])];
      for (const evaluation of said) {
        if (chance.below(60) !== 0) continue;
        expectExplained(engine, evaluation);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(20);
}, 240_000);

test('every event says how it counted, and what the value were without it', () => {
  const engine = createEngine({ plan, ...goldenOptions('svc') });
  const said = goldenEvents('svc').flatMap((event) => engine.ingest([event])[0]?.evaluations ?? []);
  const named = (pattern: RegExp): Evaluation | undefined =>
    said.findLast(({ feature, value }) => value !== null && value !== 0 && value !== false && pattern.test(texts.get(feature) ?? ''));
  const texts = new Map(loadCatalogue().features.map((feature) => [feature.id, feature.formula]));

  const counted = named(/^count\(fund\[dir=out/) ?? said[0];
  if (counted === undefined) throw new Error('nothing was counted');
  const { readings, value } = engine.why(counted.feature, counted.key, { eventId: counted.eventId ?? '' });
  const events = readings[0]?.events ?? [];
  expect(events.filter((event) => event.counts).length).toBe(value);
  expect(events.filter((event) => event.without !== undefined && event.without === Number(value) - 1).length).toBe(Number(value) - 1);
  expect(new Set(events.map(({ how }) => how.replace(/, (is|not).*/, '')))).toContain('filter: dir=out');

  const sequence = named(/^seq\(/);
  if (sequence === undefined) throw new Error('no sequence was complete');
  const steps = engine.why(sequence.feature, sequence.key, { eventId: sequence.eventId ?? '' }).readings;
  for (const [index, step] of steps.entries()) expect(step.events.map(({ how }) => how)).toContain(`seq element ${index + 1}`);
});

test('what is not held cannot be explained', () => {
  const engine = createEngine({ plan, ...goldenOptions('svc') });
  expect(() => engine.why('no_such_feature', 'V', { tMs: 0 })).toThrow('no such feature');
  expect(() => engine.why(plan.features[0]?.id ?? '', 'V', { eventId: 'x' })).toThrow('no such event is held');
});
