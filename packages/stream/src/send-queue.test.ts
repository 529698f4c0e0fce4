import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SEND_QUEUE_BYTES_MAX } from './port.ts';
import { SendQueue, type Outgoing } from './send-queue.ts';

const message = (key: string, bytes = 100, partition = 0): Outgoing => ({
  topic: 't',
  partition,
  key,
  value: new Uint8Array(),
  headers: {},
  timestampMs: 0,
  bytes,
});
const keysOf = (messages: readonly Outgoing[]): string[] => messages.map(({ key }) => key);

test('sends that wait share a request, requests never overlap, and order is the order of asking', async () => {
  const requests: string[][] = [];
  let underWay = 0;
  const queue = new SendQueue(async (messages) => {
    expect(++underWay).toBe(1);
    requests.push(keysOf(messages));
    await sleep(5);
    underWay--;
  });
  const first = [queue.send([message('a'), message('b')]), queue.send([message('c')])];
  await sleep(2);
  const later = [queue.send([message('d')]), queue.send([message('e')])];
  await Promise.all([...first, ...later]);
  expect(requests).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
});

test('no request has more than a record batch may hold for one partition, and a send over several resolves after the last', async () => {
  const requests: Outgoing[][] = [];
  const queue = new SendQueue(async (messages) => void requests.push([...messages]));
  const many = Array.from({ length: 50 }, (_, i) => message(`m${i}`, 100_000, i % 2));
  await queue.send(many);
  expect(keysOf(requests.flat())).toEqual(keysOf(many));
  expect(requests.length).toBeGreaterThan(2);
  for (const request of requests) {
    for (const partition of [0, 1])
      expect(request.filter((m) => m.partition === partition).reduce((sum, m) => sum + m.bytes, 0)).toBeLessThan(1_000_000);
  }
});

test('a failed request rejects every send it carried, ends a send that had more to come, and spares the others', async () => {
  let turn = 0;
  const sent: string[] = [];
  const queue = new SendQueue(async (messages) => {
    if (turn++ === 0) throw new Error('no broker');
    sent.push(...keysOf(messages));
  });
  const big = queue.send(Array.from({ length: 20 }, (_, i) => message(`big${i}`, 100_000)));
  const small = queue.send([message('small')]);
  const outcomes = await Promise.allSettled([big, small]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(sent).toEqual(['small']);
});

test('invariant 10: past its limit the queue refuses with handling retry, and takes again when it has emptied', async () => {
  const gate = Promise.withResolvers<void>();
  const queue = new SendQueue(() => gate.promise);
  const waiting = queue.send([message('huge', SEND_QUEUE_BYTES_MAX)]);
  await expect(queue.send([message('one more')])).rejects.toMatchObject({ code: 'STREAM_QUEUE_FULL', handling: 'retry' });
  gate.resolve();
  await waiting;
  await queue.send([message('fits')]);
  await queue.idle();
});
