import { silentTelemetry } from '@skyeye/telemetry';
import { available, startKafka } from '@skyeye/testkit';
import { describe, expect, test } from 'vitest';
import { createKafkaLog } from './adapters/kafka.ts';
import { logConformance, until } from './log.conformance.ts';

const here = available('kafka');

describe.skipIf(!here.ok)(`with Kafka (${here.reason})`, () => {
  logConformance('the Kafka log', async () => {
    const kafka = await startKafka();
    return {
      open: async () => createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry: silentTelemetry() }),
      stop: () => kafka.stop(),
    };
  });

  test('invariant 3: a broker killed and restarted under way loses and doubles nothing', { timeout: 120_000 }, async () => {
    const kafka = await startKafka();
    const telemetry = silentTelemetry();
    const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry });
    try {
      await log.createTopics([{ name: 'steady', partitions: 2 }]);
      const seen: string[] = [];
      const consumer = await log.consumer({
        group: 'g',
        topics: ['steady'],
        from: 'committed',
        onBatch: async (batch) => void seen.push(...batch.messages.map((m) => Buffer.from(m.value).toString())),
        onPoison: (_p, error) => Promise.reject(error),
      });
      const producer = log.producer();
      const sends: Promise<void>[] = [];
      for (let i = 0; i < 300; i++) {
        sends.push(producer.send('steady', [{ key: `k${i % 10}`, value: String(i) }]));
        if (i === 100) await kafka.kill();
        if (i === 200) {
          await until(() => telemetry.health.state === 'degraded');
          await kafka.restart();
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await Promise.all(sends);
      await until(() => new Set(seen).size === 300);
      expect((await log.admin.endOffsets('steady')).reduce((sum, { offset }) => sum + offset, 0)).toBe(300);
      await until(() => telemetry.health.state === 'ok');
      await consumer.close();
    } finally {
      await log.close();
      await kafka.stop();
    }
  });
});
