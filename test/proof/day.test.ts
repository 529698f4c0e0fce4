import { expect, test } from 'vitest';
import { proveDay } from './prove-day.ts';
import { TEST_SETTINGS } from './settings.ts';

const { residents, entities } = TEST_SETTINGS;

test(`through a whole simulated day, every evaluation of ${entities} entities is what the definition says`, { timeout: 300_000 }, () => {
  const { wrong, values } = proveDay({ residents, entities, seed: 7 });
  expect(wrong).toBeNull();
  expect(values).toBeGreaterThan(5000);
});
