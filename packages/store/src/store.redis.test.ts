import { silentTelemetry } from '@skyeye/telemetry';
import { available, startRedis } from '@skyeye/testkit';
import { describe, expect, test } from 'vitest';
import { createRedisStore } from './adapters/redis.ts';
import { storeConformance, waitFor } from './store.conformance.ts';

const here = available('redis');

describe.skipIf(!here.ok)(`with Redis (${here.reason})`, () => {
  storeConformance('the Redis store', async () => {
    const redis = await startRedis();
    return { open: () => createRedisStore({ url: redis.url, telemetry: silentTelemetry() }), stop: () => redis.stop() };
  });

  test(
    'a server killed and restarted under way: waiting commands are answered, subscriptions go on, health tells',
    { timeout: 60_000 },
    async () => {
      const redis = await startRedis();
      const telemetry = silentTelemetry();
      const store = await createRedisStore({ url: redis.url, telemetry });
      try {
        const got: string[] = [];
        await store.subscribe('c', (message) => void got.push(message));
        await store.set('before', '1');
        await redis.kill();
        await waitFor(() => telemetry.health.state === 'degraded');
        const waiting = store.get('before');
        await redis.restart();
        expect(await waiting).toBe('1');
        await waitFor(() => telemetry.health.state === 'ok');
        for (let i = 0; got.length === 0 && i < 50; i++) {
          await store.publish('c', 'after');
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        expect(got[0]).toBe('after');
      } finally {
        await store.close();
        await redis.stop();
      }
    },
  );

  test('while the server is away a command is given up in bounded time with handling retry', { timeout: 60_000 }, async () => {
    const redis = await startRedis();
    const store = await createRedisStore({ url: redis.url, telemetry: silentTelemetry() });
    await redis.kill();
    const startedMs = performance.now();
    await expect(store.set('k', 'v')).rejects.toMatchObject({ handling: 'retry' });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await store.close();
    await redis.stop();
    await expect(createRedisStore({ url: redis.url, telemetry: silentTelemetry() })).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });
});
