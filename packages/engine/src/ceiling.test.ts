import { readFileSync } from 'node:fs';
import { loadCatalogue } from '@skyeye/catalogue';
import { expect, test } from 'vitest';
import { createEngine, planOf } from './index.ts';
import { goldenFrom } from './testing/golden.ts';

const { goldenEvents, goldenOptions } = goldenFrom((name) =>
  readFileSync(new URL(`../../testkit/golden/${name}`, import.meta.url), 'utf8'),
);

const options = { plan: planOf(loadCatalogue()), ...goldenOptions('svc') };

test('at its ceiling the engine takes the first events of a batch and refuses the rest, and a larger one goes on from there', () => {
  const events = goldenEvents('svc');
  const whole = createEngine(options);
  const empty = whole.bytes;
  const small = createEngine({ ...options, bytesMax: empty + 20_000 });
  const taken = small.ingest(events);
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.length).toBeLessThan(events.length);
  expect(taken.map(({ event }) => event.id)).toEqual(events.slice(0, taken.length).map(({ id }) => id));
  expect(small.full).toBe(true);
  expect(small.ingest(events.slice(taken.length))).toEqual([]);
  expect(small.peek(events.at(-1) as (typeof events)[number]).evaluations.length).toBeGreaterThan(0);
  const larger = createEngine(options);
  larger.restore([...small.checkpoint()]);
  expect([...taken, ...larger.ingest(events.slice(taken.length))].map(({ evaluations }) => evaluations)).toEqual(
    whole.ingest(events).map(({ evaluations }) => evaluations),
  );
});

test('the numbers say what is held', () => {
  const events = goldenEvents('svc');
  const engine = createEngine({ ...options, eventsMax: 300 });
  engine.ingest(events.slice(0, 250));
  const before = engine.usage();
  expect(before).toMatchObject({ ...engine.stats(), evictions: 0, approximate: 0, full: false });
  expect(before.entities['person']).toBe(
    new Set(
      events
        .slice(0, 250)
        .map((event) => event['person'])
        .filter(Boolean),
    ).size,
  );
  expect(before.bytesByStream['bank']).toBeGreaterThan(0);
  expect(before.bytes).toBeGreaterThan(Object.values(before.bytesByStream).reduce((sum, bytes) => sum + bytes, 0));
  engine.ingest(events.slice(250, 500));
  const after = engine.usage();
  expect(after.evictions).toBeGreaterThan(0);
  expect(after.approximate).toBe(after.keys);
});
