import { createKafkaLog } from '@skyeye/stream';
import { available, startKafka } from '@skyeye/testkit';
import { silentTelemetry } from '@skyeye/telemetry';
import { expect, test } from 'vitest';
import { simulateBatch } from './index.ts';
import { sendToKafka } from './kafka-output.ts';

test.skipIf(!available('kafka').ok)(
  'everything that is simulated stands in the raw topics of a Kafka cluster',
  async () => {
    const kafka = await startKafka();
    try {
      const options = { seed: 3, days: 0.05, residents: 120, scams: 'dense' } as const;
      const wanted = [...simulateBatch(options)];
      expect(await sendToKafka(wanted, kafka.brokers)).toBe(wanted.length);
      const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry: silentTelemetry() });
      let held = 0;
      for (const topic of new Set(wanted.map((entry) => entry.topic)))
        held += (await log.admin.endOffsets(topic)).reduce((sum, { offset }) => sum + offset, 0);
      await log.close();
      expect(held).toBe(wanted.length);
    } finally {
      await kafka.stop();
    }
  },
  120_000,
);
