import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TOPICS } from '@skyeye/contracts';
import { createKafkaLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { available, freePort, startKafka, startRedis } from '@skyeye/testkit';
import { assessment, MINUTE, T0, testLedger } from './testing/dispatching.ts';

test.skipIf(!available('kafka').ok || !available('redis').ok)(
  'on Kafka, Redis and PostgreSQL an assessment becomes an incident in county time, and a stop signal drains',
  { timeout: 120_000 },
  async () => {
    const [kafka, redis, it, port] = await Promise.all([startKafka(), startRedis(), testLedger(), freePort()]);
    const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry: silentTelemetry() });
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('./main.ts', import.meta.url)),
        '--kafka',
        kafka.brokers.join(','),
        '--redis-url',
        redis.url,
        '--database-url',
        it.server.ledgerUrl,
        '--key-folder',
        join(it.folder, 'key'),
        '--health-port',
        String(port),
        '--migrate',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let printed = '';
    for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (part: string) => (printed += part));
    try {
      await log.createTopics([TOPICS.clock, TOPICS.assessments].map(({ name, partitions }) => ({ name, partitions })));
      const producer = log.producer();
      await producer.send(TOPICS.clock.name, [{ key: 'county', value: JSON.stringify({ countyMs: T0, wallMs: Date.now(), speed: 1 }) }]);
      const status = async (): Promise<number | string> =>
        child.exitCode === null
          ? ((await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined))?.status ?? 0)
          : printed.slice(-1_000);
      await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe(200);
      await producer.send(TOPICS.assessments.name, [{ key: 'm', value: JSON.stringify(assessment('m')) }]);
      const created = async (): Promise<number | undefined> =>
        (await it.ledger.query<{ created_ms: number }>('select created_ms from incidents'))[0]?.created_ms;
      await expect.poll(created, { timeout: 30_000, interval: 200 }).toBeGreaterThanOrEqual(T0);
      expect(await created()).toBeLessThan(T0 + 5 * MINUTE);
      expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('dispatcher_assessments_total{outcome="open"} 1');
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(printed).not.toMatch(/postgres:\/\//);
    } finally {
      child.kill('SIGKILL');
      await log.close();
      await it.end();
      await redis.stop();
      await kafka.stop();
    }
  },
);
