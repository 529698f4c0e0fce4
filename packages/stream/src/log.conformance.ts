import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorTable } from '@skyeye/foundation';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  MESSAGE_BYTES_MAX,
  type Batch,
  type BatchOutcome,
  type Consumer,
  type ConsumerOptions,
  type Log,
  type PoisonedMessage,
} from './port.ts';

const testErrors = errorTable('TEST', {
  malformed: { handling: 'quarantine', message: 'the message is malformed' },
  unreachable: { handling: 'retry', message: 'the store is away' },
});

export interface LogHarness {
  /** Opens a further client of the same log. */
  open(): Promise<Log>;
  stop(): Promise<void>;
}

interface Seen {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly text: string;
}

const WAIT_MS = 25_000;

/** What every adapter of {@link Log} promises. Each test has topics and groups of its own. */
export function logConformance(name: string, start: () => Promise<LogHarness>): void {
  describe(name, () => {
    let harness: LogHarness;
    const logs: Log[] = [];
    const open = async (): Promise<Log> => {
      const log = await harness.open();
      logs.push(log);
      return log;
    };
    const topic = async (log: Log, partitions: number): Promise<string> => {
      const topicName = `t-${randomUUID()}`;
      await log.createTopics([{ name: topicName, partitions }]);
      return topicName;
    };
    beforeAll(async () => {
      harness = await start();
    });
    afterEach(async () => {
      for (const log of logs.splice(0)) await log.close();
    });
    afterAll(() => harness?.stop());

    test('order holds per key, and both adapters put a key into the same partition', async () => {
      const log = await open();
      const t = await topic(log, 4);
      const producer = log.producer();
      const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
      await Promise.all(
        Array.from({ length: 25 }, (_, round) =>
          producer.send(
            t,
            keys.map((key) => ({ key, value: `${key}:${round}`, headers: { round: String(round) }, timestampMs: 1_000 + round })),
          ),
        ),
      );
      const seen = await collect(log, { topics: [t], count: 500 });
      for (const key of keys)
        expect(seen.filter((m) => m.key === key).map((m) => m.text)).toEqual(Array.from({ length: 25 }, (_, round) => `${key}:${round}`));
      const { partitionOf } = await import('./partition.ts');
      for (const m of seen) expect(m.partition).toBe(partitionOf(m.key, 4));
    });

    test('headers, time, bytes and an empty value come out as they went in', async () => {
      const log = await open();
      const t = await topic(log, 1);
      await log.producer().send(t, [
        { key: '人', value: new Uint8Array([0, 255, 128]), headers: { 编码: '值' }, timestampMs: 1_700_000_000_123 },
        { key: '', value: '' },
      ]);
      const batches: Batch[] = [];
      const consumer = await log.consumer(options([t], async (batch) => void batches.push(batch)));
      await until(() => batches.flatMap((b) => b.messages).length === 2);
      await consumer.close();
      const [first, second] = batches.flatMap((b) => b.messages);
      expect(first).toMatchObject({ offset: 0, key: '人', headers: { 编码: '值' }, timestampMs: 1_700_000_000_123 });
      expect([...(first?.value ?? [])]).toEqual([0, 255, 128]);
      expect(second).toMatchObject({ offset: 1, key: '' });
      expect(second?.value.length).toBe(0);
    });

    test('what was taken but not committed comes again after a restart, what was committed does not', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const group = randomUUID();
      await log.producer().send(t, numbered(10));
      const first: number[] = [];
      const one = await log.consumer({
        ...options([t], async (b) => void first.push(...b.messages.map((m) => m.offset))),
        group,
        commit: 'explicit',
      });
      await until(() => first.length === 10);
      await one.commit([{ topic: t, partition: 0, offset: 4 }]);
      await one.close();
      const again = await collect(await open(), { topics: [t], group, count: 6 });
      expect(again.map((m) => m.offset)).toEqual([4, 5, 6, 7, 8, 9]);
    });

    test('a batch that a crash interrupted is delivered again', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const group = randomUUID();
      await log.producer().send(t, numbered(5));
      const consumer = await log.consumer({ ...options([t], () => Promise.reject(new TypeError('our bug'))), group });
      await expect(consumer.finished).rejects.toThrow('our bug');
      expect((await collect(log, { topics: [t], group, count: 5 })).map((m) => m.offset)).toEqual([0, 1, 2, 3, 4]);
    });

    test('back-pressure: never more than maxBatch in flight, and what was not taken is offered again in order', async () => {
      const log = await open();
      const t = await topic(log, 2);
      await log.producer().send(t, numbered(60));
      let inFlight = 0;
      let most = 0;
      let turn = 0;
      const taken: Seen[] = [];
      const consumer = await log.consumer({
        ...options([t], async (batch): Promise<BatchOutcome> => {
          inFlight += batch.messages.length;
          most = Math.max(most, inFlight);
          await sleep(2);
          inFlight -= batch.messages.length;
          const count = turn++ % 3 === 0 ? 0 : Math.min(3, batch.messages.length);
          taken.push(...seenOf({ ...batch, messages: batch.messages.slice(0, count) }));
          return { taken: count };
        }),
        maxBatch: 8,
      });
      await until(() => taken.length >= 60);
      await consumer.close();
      expect(most).toBeLessThanOrEqual(8);
      expect(taken).toHaveLength(60);
      for (const p of [0, 1])
        expect(taken.filter((m) => m.partition === p).map((m) => m.offset)).toEqual(
          taken.filter((m) => m.partition === p).map((_, i) => i),
        );
    });

    test('maxBatchBytes bounds a batch, one large message excepted', async () => {
      const log = await open();
      const t = await topic(log, 1);
      await log
        .producer()
        .send(t, [
          ...Array.from({ length: 10 }, (_, i) => ({ key: 'k', value: `${i}`.repeat(1_000) })),
          { key: 'k', value: 'x'.repeat(20_000) },
        ]);
      const sizes: number[][] = [];
      const consumer = await log.consumer({
        ...options([t], async (b) => void sizes.push(b.messages.map((m) => m.value.length))),
        maxBatchBytes: 3_100,
      });
      await until(() => sizes.flat().length === 11);
      await consumer.close();
      for (const batch of sizes) expect(batch.length === 1 || batch.reduce((a, b) => a + b, 0) <= 3_100).toBe(true);
      expect(sizes.length).toBeLessThan(8);
    });

    test('rebalancing: two members share the partitions, and the one that stays takes over all of them', async () => {
      const log = await open();
      const t = await topic(log, 4);
      const group = randomUUID();
      const by: Record<string, Seen[]> = { a: [], b: [] };
      const member = (which: 'a' | 'b', on: Log): Promise<Consumer> =>
        on.consumer({ ...options([t], async (batch) => void by[which]?.push(...seenOf(batch))), group });
      const producer = log.producer();
      const a = await member('a', log);
      await until(() => a.assignment().length === 4);
      const b = await member('b', await open());
      await until(() => a.assignment().length === 2 && b.assignment().length === 2);
      await producer.send(t, numbered(200));
      await until(() => new Set([...(by['a'] ?? []), ...(by['b'] ?? [])].map((m) => m.text)).size === 200);
      expect(by['a']?.length).toBeGreaterThan(0);
      expect(by['b']?.length).toBeGreaterThan(0);
      await a.close();
      await until(() => b.assignment().length === 4);
      await producer.send(t, numbered(100, 200));
      await until(() => new Set([...(by['a'] ?? []), ...(by['b'] ?? [])].map((m) => m.text)).size === 300);
      await b.close();
      // Without a crash nothing committed is delivered twice.
      expect((by['a']?.length ?? 0) + (by['b']?.length ?? 0)).toBe(300);
    });

    test('a poisoned message is handed over once, and everything around it is processed', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const group = randomUUID();
      await log.producer().send(t, numbered(20));
      const done = new Set<number>();
      const poisoned: PoisonedMessage[] = [];
      const consumer = await log.consumer({
        ...options([t], async (batch) => {
          if (batch.messages.some((m) => m.offset === 7)) throw testErrors.malformed();
          for (const m of batch.messages) done.add(m.offset);
        }),
        group,
        onPoison: async (message) => void poisoned.push(message),
      });
      await until(() => done.size === 19);
      await consumer.close();
      expect(poisoned.map(({ partition, message }) => [partition, message.offset, Buffer.from(message.value).toString()])).toEqual([
        [0, 7, '7'],
      ]);
      expect((await log.admin.lag(group, [t]))[0]?.lag).toBe(0);
    });

    test('an error that the world recovers from is retried without losing order or committing', async () => {
      const log = await open();
      const t = await topic(log, 1);
      await log.producer().send(t, numbered(5));
      let failures = 3;
      const seen: Seen[] = [];
      const consumer = await log.consumer(
        options([t], async (batch) => {
          if (failures-- > 0) throw testErrors.unreachable();
          seen.push(...seenOf(batch));
        }),
      );
      await until(() => seen.length === 5);
      await consumer.close();
      expect(seen.map((m) => m.offset)).toEqual([0, 1, 2, 3, 4]);
    });

    test('a batch of 10,000 is sent as one and delivered whole', async () => {
      const log = await open();
      const t = await topic(log, 1);
      await log.producer().send(
        t,
        Array.from({ length: 10_000 }, (_, i) => ({ key: 'k', value: `${i}`.padStart(300, '.') })),
      );
      const seen = await collect(log, { topics: [t], count: 10_000, maxBatch: 10_000 });
      expect(seen.map((m) => m.offset)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    });

    test('a message over the limit is refused and nothing of its batch is sent; one at the limit goes through', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const producer = log.producer();
      await expect(
        producer.send(t, [
          { key: 'k', value: 'fine' },
          { key: 'k', value: 'x'.repeat(MESSAGE_BYTES_MAX) },
        ]),
      ).rejects.toMatchObject({ code: 'STREAM_MESSAGE_TOO_LARGE', handling: 'refuse' });
      await expect(producer.send(t, [{ key: 'k', value: 'x'.repeat(10_000_000) }])).rejects.toMatchObject({ handling: 'refuse' });
      expect(await log.admin.endOffsets(t)).toEqual([{ topic: t, partition: 0, offset: 0 }]);
      await producer.send(t, [{ key: 'k', value: 'x'.repeat(MESSAGE_BYTES_MAX - 1) }]);
      expect((await collect(log, { topics: [t], count: 1 }))[0]?.text.length).toBe(MESSAGE_BYTES_MAX - 1);
    });

    test('an unknown topic is refused; a topic is never given another number of partitions', async () => {
      const log = await open();
      await expect(log.producer().send(`no-${randomUUID()}`, [{ key: 'k', value: 'v' }])).rejects.toMatchObject({
        code: 'STREAM_UNKNOWN_TOPIC',
      });
      const t = await topic(log, 2);
      await log.createTopics([{ name: t, partitions: 2 }]);
      await expect(log.createTopics([{ name: t, partitions: 3 }])).rejects.toMatchObject({ code: 'STREAM_PARTITIONS_DIFFER' });
      expect(await log.admin.topics()).toContainEqual({ name: t, partitions: 2 });
    });

    test('replay: seek reads on from any offset, and committed positions stay', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const group = randomUUID();
      await log.producer().send(t, numbered(30));
      const seen: number[] = [];
      const consumer = await log.consumer({
        ...options([t], async (b) => void seen.push(...b.messages.map((m) => m.offset))),
        group,
        commit: 'explicit',
      });
      await until(() => seen.length === 30);
      await consumer.commit([{ topic: t, partition: 0, offset: 30 }]);
      await consumer.seek({ topic: t, partition: 0, offset: 12 });
      await until(() => seen.length === 48);
      expect(seen.slice(30)).toEqual(Array.from({ length: 18 }, (_, i) => 12 + i));
      expect((await log.admin.lag(group, [t]))[0]).toMatchObject({ committed: 30, end: 30, lag: 0 });
      await consumer.close();
    });

    test('from: earliest replays what was committed; latest sees only what comes, and commits nothing', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const group = randomUUID();
      await log.producer().send(t, numbered(5));
      await collect(log, { topics: [t], group, count: 5 });
      expect(await collect(log, { topics: [t], group, count: 5, from: 'earliest' })).toHaveLength(5);
      const seen: Seen[] = [];
      const viewers = randomUUID();
      const consumer = await log.consumer({ ...options([t], async (b) => void seen.push(...seenOf(b))), group: viewers, from: 'latest' });
      await until(() => consumer.assignment().length === 1);
      await sleep(300);
      await log.producer().send(t, numbered(2, 5));
      await until(() => seen.length >= 2);
      await consumer.close();
      expect(seen.map((m) => m.offset)).toEqual([5, 6]);
      expect((await log.admin.lag(viewers, [t]))[0]?.committed).toBe(null);
    });

    test('two groups are independent, and lag is what each has left', async () => {
      const log = await open();
      const t = await topic(log, 2);
      const [slow, quick] = [randomUUID(), randomUUID()];
      await log.producer().send(t, numbered(40));
      await collect(log, { topics: [t], group: quick, count: 40 });
      const lagOf = async (group: string): Promise<number> => (await log.admin.lag(group, [t])).reduce((sum, { lag }) => sum + lag, 0);
      expect(await lagOf(quick)).toBe(0);
      expect(await lagOf(slow)).toBe(40);
      await collect(log, { topics: [t], group: slow, count: 40 });
      expect(await lagOf(slow)).toBe(0);
    });

    test('committing a partition that went to another member is refused', async () => {
      const log = await open();
      const t = await topic(log, 1);
      const consumer = await log.consumer(options([t], async () => undefined));
      await until(() => consumer.assignment().length === 1);
      await expect(consumer.commit([{ topic: t, partition: 5, offset: 1 }])).rejects.toMatchObject({ code: 'STREAM_FENCED' });
      await consumer.close();
    });
  });
}

function options(topics: readonly string[], onBatch: ConsumerOptions['onBatch']): ConsumerOptions {
  return { group: randomUUID(), topics, from: 'committed', onBatch, onPoison: (_poisoned, error) => Promise.reject(error) };
}

function numbered(count: number, from = 0): { key: string; value: string }[] {
  return Array.from({ length: count }, (_, i) => ({ key: `key${from + i}`, value: String(from + i) }));
}

function seenOf({ topic, partition, messages }: Batch): Seen[] {
  return messages.map((m) => ({ topic, partition, offset: m.offset, key: m.key, text: Buffer.from(m.value).toString() }));
}

/** Reads until as many messages have come, then leaves the group with everything committed. */
async function collect(
  log: Log,
  {
    topics,
    count,
    group = randomUUID(),
    from = 'committed',
    maxBatch,
  }: { topics: readonly string[]; count: number; group?: string; from?: ConsumerOptions['from']; maxBatch?: number },
): Promise<Seen[]> {
  const seen: Seen[] = [];
  const consumer = await log.consumer({
    ...options(topics, async (batch) => void seen.push(...seenOf(batch))),
    group,
    from,
    ...(maxBatch === undefined ? {} : { maxBatch }),
  });
  await Promise.race([until(() => seen.length >= count), consumer.finished]);
  await consumer.close();
  return seen;
}

/** Waits for a condition; fails when it does not come true in time. */
export async function until(condition: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > WAIT_MS) throw new Error(`not true within ${WAIT_MS} ms: ${condition.toString()}`);
    await sleep(5);
  }
}
