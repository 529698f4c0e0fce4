import { NONCE_HEADER, proofOf, REQUEST_TIME_HEADER, REQUEST_TIME_TOLERANCE_MS } from '@skyeye/contracts';
import { storeErrors } from '@skyeye/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesk, proof, question, type Desk } from './testing/desk.ts';

let desk: Desk;
let serial = 0;
beforeAll(async () => {
  desk = await openDesk();
  desk.scoring.says = 'hold';
});
afterAll(() => desk.end());
const next = (): string => `request-${String(++serial).padStart(6, '0')}`;
const ask = (requestId: string, headers: Record<string, string>, key = desk.keys.own) =>
  desk.post('/v1/holds', question({ requestId }), { 'content-type': 'application/json', 'x-skyeye-key': key, ...headers });
const end = (id: unknown, body: Record<string, unknown>, headers: Record<string, string>) =>
  desk.post(`/v1/holds/${String(id)}/confirmations`, body, {
    'content-type': 'application/json',
    'x-skyeye-key': desk.keys.own,
    ...headers,
  });
const without = { [REQUEST_TIME_HEADER]: '', [NONCE_HEADER]: '' };

test.each<[says: string, headers: Record<string, string>, status: number, code: string]>([
  ['no time and no nonce', without, 400, 'INVALID'],
  ['no nonce', { ...proof(), [NONCE_HEADER]: '' }, 400, 'INVALID'],
  ['a time in seconds', { ...proof(), [REQUEST_TIME_HEADER]: '1789560000' }, 400, 'INVALID'],
  ['a short nonce', { ...proof(), [NONCE_HEADER]: 'short' }, 400, 'INVALID'],
  ['a time six minutes ago', proofOf(Date.now() - REQUEST_TIME_TOLERANCE_MS - 60_000, 'a-nonce-of-long-ago'), 409, 'GATEWAY_REQUEST_STALE'],
  ['a time in six minutes', proofOf(Date.now() + REQUEST_TIME_TOLERANCE_MS + 60_000, 'a-nonce-of-tomorrow'), 409, 'GATEWAY_REQUEST_STALE'],
])('a question with %s is refused and asks nothing of the scorer', async (_says, headers, status, code) => {
  const before = desk.scoring.asked.length;
  expect(await ask(next(), headers)).toMatchObject({ status, body: { code } });
  expect(desk.scoring.asked).toHaveLength(before);
});

test('a request that is sent again as it was is refused; the same question with a new nonce gets its stored answer', async () => {
  const [requestId, recorded] = [next(), proof()];
  const first = await ask(requestId, recorded);
  expect(first.status).toBe(200);
  expect(await ask(requestId, recorded)).toMatchObject({ status: 409, body: { code: 'GATEWAY_NONCE_REPEATED' } });
  expect(await ask(next(), recorded)).toMatchObject({ status: 409, body: { code: 'GATEWAY_NONCE_REPEATED' } });
  expect(await ask(requestId, proof())).toEqual(first);
  // A nonce is a bank's own word: another bank may have chosen the same.
  expect((await ask(next(), recorded, desk.keys.other)).status).toBe(200);
});

test('the end of a hold is protected alike', async () => {
  const id = (await ask(next(), proof())).body['holdId'];
  const [body, recorded] = [{ requestId: next(), reason: '客户放弃转账', operator: '柜员07' }, proof()];
  expect((await end(id, body, without)).status).toBe(400);
  const first = await end(id, body, recorded);
  expect(first).toMatchObject({ status: 200, body: { state: 'confirmed' } });
  expect(await end(id, body, recorded)).toMatchObject({ status: 409, body: { code: 'GATEWAY_NONCE_REPEATED' } });
  expect(await end(id, body, proof())).toEqual(first);
  expect(await desk.metrics()).toMatch(/gateway_replays_refused_total\{reason="repeated"\} [1-9]/);
});

test('of many at once with one nonce one is taken', async () => {
  const recorded = proof();
  const all = await Promise.all(Array.from({ length: 20 }, () => ask(next(), recorded)));
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('invariant 5: a store that is away or hangs does not keep a bank from its answer', async () => {
  const { set } = desk.store;
  try {
    for (const away of [() => Promise.reject(storeErrors.unreachable()), () => new Promise<boolean>(() => undefined)]) {
      desk.store.set = away;
      const requestId = next();
      const first = await ask(requestId, proof());
      expect(first.status).toBe(200);
      expect(await ask(requestId, proof())).toEqual(first);
    }
  } finally {
    desk.store.set = set;
  }
});
