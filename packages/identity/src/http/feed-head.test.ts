import { expect, test } from 'vitest';
import { silentTelemetry } from '@skyeye/telemetry';
import { FeedHead } from '../index.ts';

test('a hundred notices cost two questions, and none that came during one is missed', async () => {
  let asked = 0;
  let grown = 0;
  let seq = 1;
  const head = new FeedHead({
    read: async () => {
      asked++;
      const seen = seq;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return seen;
    },
    onGrowth: () => grown++,
    health: silentTelemetry().health,
  });
  head.check();
  seq = 2;
  for (let n = 0; n < 100; n++) head.check();
  await expect.poll(() => head.seq).toBe(2);
  expect([asked, grown]).toEqual([2, 2]);
  head.check();
  await head.drain();
  expect([asked, grown]).toEqual([3, 2]);
});

test('a database that does not answer shows as degraded until it does', async () => {
  let away = true;
  const { health } = silentTelemetry();
  const head = new FeedHead({
    read: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(4)),
    onGrowth: () => undefined,
    health,
  });
  head.check();
  await expect.poll(() => health.state).toBe('degraded');
  away = false;
  head.check();
  await expect.poll(() => [health.state, head.seq]).toEqual(['ok', 4]);
});
