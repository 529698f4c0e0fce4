import { afterAll, beforeAll, expect, test } from 'vitest';
import { putSubscription, queuePush, subscriptionsFor } from '@skyeye/ledger';
import { turnOutbox, type PushAnswer, type PushSender } from './push.ts';
import { webPushSender } from './adapters/web-push.ts';
import { makeVapidKeys } from './index.ts';
import { T0, testLedger, type TestLedger } from './testing/dispatching.ts';

let it: TestLedger;
beforeAll(async () => {
  it = await testLedger();
  for (const [name, unit] of [
    ['one', 'U1'],
    ['two', 'U1'],
    ['gone', 'U2'],
  ] as const) {
    await putSubscription(it.ledger, {
      endpoint: `https://push.example/${name}`,
      account: name,
      unit,
      role: 'officer',
      keys: { p256dh: 'a', auth: 'b' },
      createdMs: T0,
    });
  }
});
afterAll(() => it.end());

const queue = (dedupe: string, target: string) =>
  it.ledger.tx((tx) =>
    queuePush(tx, { dedupe, target, nowMs: T0, payload: { title: 't', body: 'b', incidentId: 'i', taskId: dedupe, level: 'P1' } }),
  );
function fake(answers: PushAnswer[]) {
  const sent: { endpoint: string; tag: unknown; topic: string }[] = [];
  const sender: PushSender = {
    send({ endpoint }, body, { topic }) {
      sent.push({ endpoint, tag: (JSON.parse(body) as { tag: unknown }).tag, topic });
      return Promise.resolve(answers.shift() ?? 'taken');
    },
  };
  return { sender, sent };
}

test('a push goes to every terminal of its unit, once, and the same dedupe id again is not queued', async () => {
  expect([await queue('task:1', 'unit:U1'), await queue('task:1', 'unit:U1')]).toEqual([true, false]);
  const { sender, sent } = fake([]);
  expect(await turnOutbox(it.ledger, sender, () => 1_000)).toEqual(['sent']);
  expect(await turnOutbox(it.ledger, sender, () => 2_000_000)).toEqual([]);
  expect(sent.map((push) => push.endpoint).toSorted()).toEqual(['https://push.example/one', 'https://push.example/two']);
  expect(new Set(sent.map((push) => push.tag))).toEqual(new Set(['task:1']));
  expect(sent[0]?.topic).toMatch(/^[\w-]{1,32}$/);
});

test('a push that failed comes again after its wait with the same tag, and a worker that died gives it back after its lease', async () => {
  await queue('task:2', 'unit:U1');
  const { sender, sent } = fake(['failed', 'taken']);
  expect(await turnOutbox(it.ledger, sender, () => 10_000)).toEqual(['retried']);
  expect(await turnOutbox(it.ledger, sender, () => 11_000)).toEqual([]);
  expect(await turnOutbox(it.ledger, sender, () => 12_000)).toEqual(['sent']);
  expect(new Set(sent.map((push) => push.tag))).toEqual(new Set(['task:2']));
  await queue('task:3', 'unit:U1');
  await expect(turnOutbox(it.ledger, { send: () => Promise.reject(new Error('killed here')) }, () => 20_000)).rejects.toThrow(
    'killed here',
  );
  expect(await turnOutbox(it.ledger, sender, () => 30_000)).toEqual([]);
  expect(await turnOutbox(it.ledger, sender, () => 50_001)).toEqual(['sent']);
});

test('a terminal that unsubscribed is forgotten, and without a terminal the live stream alone carries it', async () => {
  await queue('task:4', 'unit:U2');
  expect(await turnOutbox(it.ledger, fake(['gone']).sender, () => 60_000)).toEqual(['sent']);
  expect(await subscriptionsFor(it.ledger, 'unit:U2')).toEqual([]);
  await queue('task:5', 'unit:U2');
  expect(await turnOutbox(it.ledger, fake([]).sender, () => 60_000)).toEqual(['live_only']);
});

test('a subscription that is no https address is never called', async () => {
  const sender = webPushSender({ subject: 'mailto:duty@example.cn', ...makeVapidKeys() });
  expect(
    await sender.send(
      { endpoint: 'http://127.0.0.1:1/x', account: 'a', unit: null, role: 'officer', keys: { p256dh: 'a', auth: 'b' } },
      '{}',
      { topic: 't', urgent: false },
    ),
  ).toBe('gone');
});
