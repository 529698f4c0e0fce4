import { ManualClock } from '@skyeye/foundation';
import { createMemoryStore, type Store } from '@skyeye/store';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_ACCOUNTS } from './accounts.ts';
import { accountsKey, SourceStatuses } from './status.ts';

const TOPIC = 'raw.call';
let store: Store;
let wallMs = 60_000;
beforeEach(() => void (store = createMemoryStore({ telemetry: silentTelemetry(), wallNowMs: () => wallMs })));
afterEach(() => store.close());

const admin = {
  lag: () => Promise.resolve([0, 1, 2, 3].map((partition) => ({ topic: TOPIC, partition, offset: 0, end: 0, lag: partition }))),
};
const ingest = (): SourceStatuses =>
  new SourceStatuses({
    log: { admin } as never,
    store,
    clock: new ManualClock(5),
    wallNowMs: () => wallMs,
    groupOf: () => 'ingest',
  });
const callOf = async (statuses: SourceStatuses) => (await statuses.read()).find(({ stream }) => stream === 'call');
const own = (...partitions: number[]) => partitions.map((partition) => ({ topic: TOPIC, partition }));

test('every ingest gives the sum of all, not of its own partitions', async () => {
  const [one, two] = [ingest(), ingest()];
  one.own(own(2, 0), true);
  two.own(own(1, 3), true);
  for (const partition of [0, 1, 2, 3])
    await store.set(
      accountsKey({ topic: TOPIC, partition }),
      JSON.stringify({ ...NO_ACCOUNTS, accepted: 10, normalised: 8, duplicate: 1, quarantined: 1, lastEventMs: 100 + partition }),
    );
  one.saw(TOPIC, [10, 10, 10]);
  two.saw(TOPIC, [900]);
  await one.read();
  const sum = { accepted: 40, normalised: 32, duplicate: 4, quarantined: 4, lastEventMs: 103, lag: 6, perMinute: 4, delayMsP50: 10 };
  expect(await callOf(two)).toMatchObject(sum);
  expect(await callOf(one)).toMatchObject(sum);
});

test('an ingest that is gone leaves its counts and no longer its rate', async () => {
  const [one, two] = [ingest(), ingest()];
  one.own(own(0, 1), true);
  two.own(own(2, 3), true);
  one.saw(TOPIC, [10]);
  two.saw(TOPIC, [20, 20]);
  await one.read();
  expect(await callOf(two)).toMatchObject({ perMinute: 3 });
  wallMs += 30_000;
  two.own(own(0, 1), true);
  expect(await callOf(two)).toMatchObject({ perMinute: 2, delayMsP50: 20 });
});

test('a source of which nothing ever came has no delay', async () => {
  expect(await callOf(ingest())).toMatchObject({ accepted: 0, lastEventMs: null, delayMsP50: null, perMinute: 0 });
});
