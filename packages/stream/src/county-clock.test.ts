import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentTelemetry } from '@skyeye/telemetry';
import { createEmbeddedLog, followClockTopic, streamErrors, type Log } from './index.ts';

test('county time is wall time until an anchor comes, then follows it; a broken anchor is passed over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-clock-'));
  const log = createEmbeddedLog({ folder, telemetry: silentTelemetry() });
  let wallMs = 1_000;
  const { clock, close } = await followClockTopic(log, { topic: 'clock', group: 'clock-test', wallNowMs: () => wallMs });
  expect([clock.nowMs(), clock.speed]).toEqual([1_000, 1]);
  const producer = log.producer();
  await producer.send('clock', [{ key: 'county', value: JSON.stringify({ countyMs: 50_000, wallMs: 1_000, speed: 10 }) }]);
  await expect.poll(() => clock.speed).toBe(10);
  for (const value of ['{', 'null', '{"countyMs":"1"}', '{"countyMs":1,"wallMs":1,"speed":1000}'])
    await producer.send('clock', [{ key: 'county', value }]);
  wallMs = 2_000;
  expect(clock.nowMs()).toBe(60_000);
  // Whoever wrote the anchors is gone for an hour: county time stands still after 15 s, and runs on with the next anchor.
  wallMs = 3_600_000;
  expect(clock.nowMs()).toBe(50_000 + 15_000 * 10);
  await producer.send('clock', [{ key: 'county', value: JSON.stringify({ countyMs: 210_000, wallMs: 3_600_000, speed: 10 }) }]);
  await expect.poll(() => clock.nowMs()).toBe(210_000);
  await close();
  await log.close();
  await rm(folder, { recursive: true });
});

test('who starts again in a county whose time is driven never sees wall time, and gives up rather than guess', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-clock-'));
  const log = createEmbeddedLog({ folder, telemetry: silentTelemetry() });
  const producer = log.producer();
  await log.createTopics([{ name: 'clock', partitions: 1 }]);
  const anchors = Array.from({ length: 1_200 }, (_, n) => ({ countyMs: 50_000 + n, wallMs: 1_000 + n, speed: 1 }));
  await producer.send(
    'clock',
    anchors.map((anchor) => ({ key: 'county', value: JSON.stringify(anchor) })),
  );
  await producer.send('clock', [{ key: 'county', value: '{' }]);
  const wallNowMs = (): number => 1_700_000_000_000;
  const { clock, close } = await followClockTopic(log, { topic: 'clock', group: 'clock-again', wallNowMs });
  // The last whole anchor, and the 15 seconds that county time runs on without another.
  expect(clock.nowMs()).toBe(50_000 + 1_199 + 15_000);
  await close();
  const [kept] = await log.admin.lag('clock-none', ['clock']);
  const unread: Log = {
    kind: log.kind,
    createTopics: (topics) => log.createTopics(topics),
    producer: () => log.producer(),
    consumer: (options) => log.consumer(options),
    close: () => log.close(),
    admin: {
      topics: () => log.admin.topics(),
      endOffsets: (topic) => log.admin.endOffsets(topic),
      forgetGroup: (group) => log.admin.forgetGroup(group),
      lag: () => Promise.resolve(kept === undefined ? [] : [{ ...kept, end: kept.end + 1 }]),
    },
  };
  await expect(followClockTopic(unread, { topic: 'clock', group: 'clock-unread', wallNowMs, caughtUpMsMax: 300 })).rejects.toMatchObject({
    code: 'STREAM_CLOCK_UNREAD',
  });
  await log.close();
  await rm(folder, { recursive: true });
});

test('a broker that has just started and does not know the group yet is asked again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-clock-'));
  const log = createEmbeddedLog({ folder, telemetry: silentTelemetry() });
  let refusals = 2;
  const starting: Log = {
    kind: log.kind,
    createTopics: (topics) => log.createTopics(topics),
    producer: () => log.producer(),
    consumer: (options) => log.consumer(options),
    close: () => log.close(),
    admin: {
      topics: () => log.admin.topics(),
      endOffsets: (topic) => log.admin.endOffsets(topic),
      forgetGroup: (group) => log.admin.forgetGroup(group),
      lag: (group, topics) => (refusals-- > 0 ? Promise.reject(streamErrors.brokerUnreachable()) : log.admin.lag(group, topics)),
    },
  };
  const { clock, close } = await followClockTopic(starting, { topic: 'clock', group: 'clock-test', wallNowMs: () => 7 });
  expect([clock.nowMs(), refusals]).toEqual([7, -1]);
  await close();
  await log.close();
  await rm(folder, { recursive: true });
});
