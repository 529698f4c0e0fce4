import { BANK_KEY_HEADER, holdReply } from '@skyeye/contracts';
import { expireHolds, holdsOf, listAudit } from '@skyeye/ledger';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDesk, question, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
let serial = 0;
beforeAll(async () => void (desk = await openDesk()));
afterAll(() => desk.end());
beforeEach(() => {
  desk.scoring.says = 'allow';
  desk.scoring.delayMs = 0;
  desk.scoring.failure = null;
  desk.scoring.asked = [];
  desk.clock.set(T0);
});
const next = (): string => `request-${String(++serial).padStart(6, '0')}`;
const ask = (change: Parameters<typeof question>[0] = {}) => desk.post('/v1/holds', question({ requestId: next(), ...change }));
const end = (id: unknown, verb: 'confirmations' | 'releases', change: Record<string, unknown> = {}) =>
  desk.post(`/v1/holds/${String(id)}/${verb}`, {
    requestId: next(),
    reason: '客户已核实收款人',
    operator: '柜员07',
    answers: { purpose: '货款', guided: '否' },
    ...change,
  });

test.each([
  ['allow', 'none', '0000', false],
  ['delay', 'none', '7004', true],
  ['hold', 'active', '3005', true],
  ['fuse', 'active', '3004', true],
] as const)('%s is answered with its reason code, its state and what to say at the counter', async (says, state, reasonCode, hasScript) => {
  desk.scoring.says = says;
  const { status, body } = await ask();
  expect(status).toBe(200);
  const reply = holdReply.parse(body);
  expect(reply).toMatchObject({
    outcome: says,
    state,
    reasonCode,
    decidedBy: 'engine',
    expiresMs: state === 'active' ? T0 + 1_800_000 : null,
  });
  expect(reply.script !== null).toBe(hasScript);
  if (reply.script !== null) expect([reply.script.checks.length, reply.script.questions.length]).toEqual([3, 2]);
});

test('invariant 8: what is asked of the scorer and what is stored names no account in clear', async () => {
  await ask({ requestId: 'clear-accounts-1' });
  const stored = await desk.ledger.query("select * from holds where request_id = 'clear-accounts-1'");
  expect(JSON.stringify([stored, desk.scoring.asked])).not.toMatch(/6217000000000001|6222000000000002/);
});

test('invariant 6: the same id and body gives the stored reply, fifty times at once and later, though the risk has changed', async () => {
  desk.scoring.says = 'hold';
  const body = question({ requestId: next() });
  const replies = await Promise.all(Array.from({ length: 50 }, () => desk.post('/v1/holds', body)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
  desk.scoring.says = 'allow';
  expect(JSON.stringify((await desk.post('/v1/holds', body)).body)).toBe(JSON.stringify(replies[0]?.body));
  expect(await desk.ledger.query('select 1 from holds where request_id = $1', [body.requestId])).toHaveLength(1);
  expect(
    (await listAudit(desk.ledger, { limit: 100 })).filter(
      ({ kind, subject }) => kind === 'hold_decided' && subject === replies[0]?.body['holdId'],
    ),
  ).toHaveLength(1);
});

test('invariant 6: the same id with another body is a conflict and changes nothing; another bank may use the id', async () => {
  const body = question({ requestId: next() });
  const first = await desk.post('/v1/holds', body);
  const other = await desk.post('/v1/holds', { ...body, amountFen: body.amountFen + 1 });
  expect(other).toMatchObject({ status: 409, body: { code: 'LEDGER_ID_REUSED' } });
  expect((await desk.post('/v1/holds', body)).body).toEqual(first.body);
  expect(
    (await desk.post('/v1/holds', { ...body, amountFen: 1 }, { 'content-type': 'application/json', [BANK_KEY_HEADER]: desk.keys.other }))
      .status,
  ).toBe(200);
});

test('invariant 4: a hold ends by itself after 30 minutes, whether the dispatcher does it or nobody', async () => {
  desk.scoring.says = 'hold';
  const watched = (await ask()).body['holdId'];
  desk.clock.advance(1_799_999);
  expect(await desk.ledger.tx((tx) => expireHolds(tx, desk.clock.nowMs()))).toBe(0);
  desk.clock.advance(1);
  expect(await desk.ledger.tx((tx) => expireHolds(tx, desk.clock.nowMs(), 1_000))).toBeGreaterThan(0);
  expect((await desk.get(`/v1/holds/${String(watched)}`)).body).toMatchObject({ state: 'expired', endedReason: '30 分钟期满' });

  desk.clock.set(T0);
  const unwatched = (await ask()).body['holdId'];
  desk.clock.advance(1_800_000);
  expect((await desk.get(`/v1/holds/${String(unwatched)}`)).body).toMatchObject({ state: 'expired' });
  expect(await end(unwatched, 'confirmations')).toMatchObject({ status: 409, body: { code: 'ORDERS_HOLD_NOT_ACTIVE' } });
  expect((await desk.ledger.query('select state from holds where id = $1', [String(unwatched)]))[0]).toEqual({ state: 'expired' });
});

test.each([
  ['confirmations', 'confirmed'],
  ['releases', 'released'],
] as const)('%s end a hold with a reason, once, and the same sending again is the same answer', async (verb, state) => {
  desk.scoring.says = 'hold';
  const id = (await ask()).body['holdId'];
  const requestId = next();
  expect((await end(id, verb, { reason: '' })).status).toBe(400);
  expect((await end(id, verb, { reason: '  ' })).status).toBe(409);
  const first = await end(id, verb, { requestId });
  expect(first).toMatchObject({ status: 200, body: { state, endedBy: 'b1', endedReason: '客户已核实收款人', endedMs: T0 } });
  expect(await end(id, verb, { requestId })).toEqual(first);
  expect(await end(id, verb, { requestId, reason: '另一个理由' })).toMatchObject({ status: 409, body: { code: 'LEDGER_ID_REUSED' } });
  expect(await end(id, verb === 'releases' ? 'confirmations' : 'releases')).toMatchObject({
    status: 409,
    body: { code: 'ORDERS_HOLD_NOT_ACTIVE' },
  });
  expect((await desk.get(`/v1/holds/${String(id)}`)).body).toEqual(first.body);
});

test.each(['confirmations', 'releases'] as const)(
  'invariant 8: a number that the counter typed is in no row, audit entry or feed line of %s',
  async (verb) => {
    desk.scoring.says = 'hold';
    const id = (await ask()).body['holdId'];
    const typed = {
      reason: '已致电 138 0000 5521 核实,卡号6217000000000001',
      operator: '柜员13800005522',
      answers: { 收款人13800005523: '身份证 330102195001011234', 谁教的: '6222-0000-0000-0002', 电话: '１３８００００５５２４' },
    };
    const { status, body } = await end(id, verb, typed);
    expect(status).toBe(200);
    expect(body['endedReason']).toBe('已致电 [identifier] 核实,卡号[identifier]');
    const stored = JSON.stringify([
      body,
      await desk.ledger.query('select * from holds where id = $1', [String(id)]),
      (await listAudit(desk.ledger, { limit: 500 })).filter(({ subject }) => subject === id),
      await desk.ledger.query('select * from feed'),
      await desk.ledger.query('select * from outbox'),
    ]);
    expect(stored).toContain('[identifier]');
    expect(stored).toContain('谁教的');
    expect(stored).not.toMatch(/138 ?0000 ?552\d|330102195001011234|6217000000000001|6222-0000-0000-0002|１３８/);
  },
);

test('of two ends at the same moment one counts and the other is refused', async () => {
  desk.scoring.says = 'hold';
  const id = (await ask()).body['holdId'];
  const ends = await Promise.all([end(id, 'confirmations'), end(id, 'releases'), end(id, 'confirmations'), end(id, 'releases')]);
  const done = ends.filter(({ status }) => status === 200);
  expect(new Set(done.map(({ body }) => body['state'])).size).toBe(1);
  expect(done.length).toBeGreaterThan(0);
  expect(ends.filter(({ status }) => status === 409).length).toBe(ends.length - done.length);
  expect(
    (await listAudit(desk.ledger, { limit: 200 })).filter(
      ({ kind, subject }) => subject === id && (kind === 'hold_confirmed' || kind === 'hold_released'),
    ),
  ).toHaveLength(1);
});

test("another bank's hold is not found, and neither is one that never was", async () => {
  desk.scoring.says = 'hold';
  const id = (await ask()).body['holdId'];
  expect((await desk.get(`/v1/holds/${String(id)}`, desk.keys.other)).status).toBe(404);
  const other = { 'content-type': 'application/json', [BANK_KEY_HEADER]: desk.keys.other };
  expect(
    (await desk.post(`/v1/holds/${String(id)}/releases`, { requestId: next(), reason: '不是我行的', operator: 'x' }, other)).status,
  ).toBe(404);
  expect((await desk.get(`/v1/holds/h_${'A'.repeat(24)}`)).status).toBe(404);
  expect((await desk.get('/v1/holds/nothing')).status).toBe(400);
  expect((await desk.get(`/v1/holds/${String(id)}`)).body).toMatchObject({ state: 'active' });
});

test('what did not stand cannot be ended', async () => {
  const id = (await ask()).body['holdId'];
  expect((await end(id, 'releases')).status).toBe(409);
  expect(await holdsOf(desk.ledger, [])).toEqual([]);
});

test('a customer who was disturbed often enough today is spared a weak answer, and tomorrow is another day', async () => {
  desk.scoring.says = 'delay';
  const payerAccount = '6217000000000077';
  const outcomes: unknown[] = [];
  for (let asked = 0; asked < 4; asked++) outcomes.push((await ask({ payerAccount })).body['reasonCode']);
  expect(outcomes).toEqual(['7004', '7004', '7004', '0002']);
  desk.scoring.says = 'fuse';
  expect((await ask({ payerAccount })).body).toMatchObject({ outcome: 'fuse', reasonCode: '3004' });
  desk.scoring.says = 'delay';
  desk.clock.advance(86_400_001);
  expect((await ask({ payerAccount })).body).toMatchObject({ outcome: 'delay', reasonCode: '7004' });
});

test('what the counter is told with its three checks names no call, number or screen', async () => {
  desk.scoring.says = 'hold';
  const { script, reason } = holdReply.parse((await ask()).body);
  const known = script?.checks.flatMap((check) => check.known) ?? [];
  expect(script?.checks.map(({ id }) => id)).toEqual(['holder', 'transaction', 'payee']);
  expect([reason, ...known].join()).not.toMatch(/通话|来电|号码|话单|信令|短信|基站|共享|远程|运营商/);
});
