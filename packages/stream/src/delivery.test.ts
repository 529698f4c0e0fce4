import { errorTable, type SkyeyeError } from '@skyeye/foundation';
import { silentTelemetry } from '@skyeye/telemetry';
import { expect, test } from 'vitest';
import { Delivery, PAUSE_MS, RETRIES_BEFORE_PAUSE, RETRY_WAIT_MS } from './delivery.ts';
import type { ConsumerOptions, Message } from './port.ts';

const errors = errorTable('TEST', {
  bad: { handling: 'quarantine', message: 'bad' },
  wrong: { handling: 'refuse', message: 'wrong' },
  away: { handling: 'retry', message: 'away' },
  bug: { handling: 'crash', message: 'bug' },
});
const AT = { topic: 't', partition: 0 };
const messages = (count: number, from = 0): Message[] =>
  Array.from({ length: count }, (_, i) => ({ offset: from + i, key: 'k', value: new Uint8Array(), headers: {}, timestampMs: 0 }));

function deliver(onBatch: ConsumerOptions['onBatch'], onPoison: ConsumerOptions['onPoison'] = async () => undefined) {
  const telemetry = silentTelemetry();
  return { telemetry, delivery: new Delivery({ group: 'g', topics: ['t'], from: 'committed', onBatch, onPoison }, telemetry, () => 1) };
}

test.each([['quarantine', errors.bad] as const, ['refuse', errors.wrong] as const])(
  'an error with handling %s isolates its message: the batch comes again one by one',
  async (_handling, error) => {
    const offered: number[][] = [];
    const poisoned: number[] = [];
    const { delivery } = deliver(
      async (batch) => {
        offered.push(batch.messages.map((m) => m.offset));
        if (batch.messages.some((m) => m.offset === 1)) throw error();
      },
      async ({ message }) => void poisoned.push(message.offset),
    );
    let at = 0;
    for (let turn = 0; at < 6 && turn < 20; turn++) at += (await delivery.offer(AT, messages(Math.min(3, 6 - at), at))).done;
    expect(offered).toEqual([[0, 1, 2], [0], [1], [2], [3, 4, 5]]);
    expect(poisoned).toEqual([1]);
  },
);

test('a copy to quarantine that fails is tried again; the message is not passed over', async () => {
  let failures = 2;
  const { delivery } = deliver(
    () => Promise.reject(errors.bad()),
    () => (failures-- > 0 ? Promise.reject(errors.away()) : Promise.resolve()),
  );
  const done = [];
  for (let i = 0; i < 3; i++) done.push((await delivery.offer(AT, messages(1))).done);
  expect(done).toEqual([0, 0, 1]);
});

test('retries back off with doubling waits, then the partition pauses and shows as degraded until it works', async () => {
  let away = true;
  const { delivery, telemetry } = deliver(() => (away ? Promise.reject(errors.away()) : Promise.resolve()));
  const waits: number[] = [];
  for (let i = 0; i < RETRIES_BEFORE_PAUSE + 2; i++) waits.push((await delivery.offer(AT, messages(2))).waitMs);
  expect(waits.slice(0, RETRIES_BEFORE_PAUSE)).toEqual(Array.from({ length: RETRIES_BEFORE_PAUSE }, (_, i) => RETRY_WAIT_MS * 2 ** i));
  expect(waits.slice(RETRIES_BEFORE_PAUSE)).toEqual([PAUSE_MS, PAUSE_MS]);
  expect(telemetry.health.state).toBe('degraded');
  away = false;
  expect(await delivery.offer(AT, messages(2))).toEqual({ done: 2, waitMs: 0 });
  expect(telemetry.health.state).toBe('ok');
});

test('a crash, a foreign error and a consumer that takes more than it was offered reject', async () => {
  const thrown: (SkyeyeError | Error)[] = [errors.bug(), new TypeError('foreign')];
  for (const error of thrown) await expect(deliver(() => Promise.reject(error)).delivery.offer(AT, messages(1))).rejects.toBe(error);
  await expect(deliver(async () => ({ taken: 5 })).delivery.offer(AT, messages(2))).rejects.toThrow('took more');
  await expect(
    deliver(
      () => Promise.reject(errors.bad()),
      () => Promise.reject(errors.bug()),
    ).delivery.offer(AT, messages(1)),
  ).rejects.toMatchObject({ handling: 'crash' });
});
