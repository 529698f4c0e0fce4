import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_TOPICS, type Assessment } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { available, startKafka } from '@skyeye/testkit';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../packages/store/src/index.ts';
import { createKafkaLog } from '../packages/stream/src/index.ts';
import { silentTelemetry } from '../packages/telemetry/src/index.ts';
import { app, type Scorer } from '../services/scorer/src/index.ts';
import { scoringOf, svcCase } from '../services/scorer/src/testing/case.ts';
import { readTopic } from '../services/scorer/src/testing/read-topic.ts';

test.skipIf(!available('kafka').ok)(
  'on Kafka a scorer reads on from its checkpoint, not from what the group has committed',
  { timeout: 120_000 },
  async () => {
    const kafka = await startKafka();
    const telemetry = silentTelemetry();
    const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry });
    const store = createMemoryStore({ telemetry });
    const start = (): Promise<Scorer> =>
      app({
        log,
        store,
        telemetry,
        clock: new ManualClock(0),
        wallNowMs: () => 1_000,
        scoring: () => scoringOf(),
        seal: () => '',
        serviceKey: 'a key of sixteen and more',
        host: '127.0.0.1',
        port: 0,
      });
    try {
      await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
      const events = svcCase();
      const wanted = (await scoringOf().fold(events)).map(({ id }) => id).sort();
      const produce = (from: number, to: number): Promise<void> =>
        log.producer().send(
          'events',
          events.slice(from, to).map((event) => ({ key: 'V', value: JSON.stringify(event) })),
        );
      for (const [from, to] of [
        [0, 300],
        [300, 500],
        [500, events.length],
      ] as const) {
        await produce(from, to);
        const scorer = await start();
        while ((await lagOf(scorer)) > 0) await sleep(50);
        await scorer.stop();
      }
      const said = (await readTopic(log, 'assessments')).map((value) => (JSON.parse(value) as Assessment).id).sort();
      expect(said).toEqual(wanted);

      // Without its checkpoints it reads from the beginning, though the group has committed the end.
      for (const { name } of await store.listSnapshots()) await store.deleteSnapshot(name);
      const again = await start();
      expect(await lagOf(again)).toBeGreaterThan(0);
      while ((await lagOf(again)) > 0) await sleep(50);
      await again.stop();
      expect((await readTopic(log, 'assessments')).length).toBe(2 * wanted.length);
    } finally {
      await log.close();
      await store.close();
      await kafka.stop();
    }
  },
);

/** A broker that has just started does not know its groups yet: then there is something left to read. */
const lagOf = (scorer: Scorer): Promise<number> => scorer.lag().catch(() => 1);
