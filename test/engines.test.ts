import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { createEngine, planOf } from '@skyeye/engine';
import { expect, test } from 'vitest';
import { simulatedCounty } from './lib/simulated-county.ts';

test('on two simulated days both engines say the same of every event, late and repeated ones included', { timeout: 120_000 }, () => {
  const { references, events } = simulatedCounty({ residents: 150, days: 2, eventsMax: 6000 });
  const options = { plan: planOf(loadCatalogue()), holidays: officialHolidays() };
  const [fast, slow] = [createEngine(options), createEngine({ ...options, kind: 'history' })];
  for (const engine of [fast, slow]) engine.learn(references);
  let values = 0;
  let known = 0;
  for (const [index, event] of events.entries()) {
    if (index % 10 === 0) expect(fast.peek(event)).toEqual(slow.peek(event));
    const [found, wanted] = [fast.ingest([event]), slow.ingest([event])];
    expect(found).toEqual(wanted);
    for (const { value } of wanted[0]?.evaluations ?? []) {
      values += 1;
      if (value !== null && value !== 0 && value !== false) known += 1;
    }
    if (index % 100 === 0) expect(fast.tick(event.t)).toEqual(slow.tick(event.t));
  }
  expect(fast.stats()).toEqual(slow.stats());
  expect(values).toBeGreaterThan(50_000);
  expect(known).toBeGreaterThan(5_000);
});
