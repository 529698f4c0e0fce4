import { loadRules } from '@skyeye/catalogue';
import { RULE_KEYS, RULE_SHADOW_MS, ruleHistory, ruleList, rulesInForce } from '@skyeye/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryOf } from './rules.ts';
import { startDesk, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.end());

const reason = 'a test of its life';
const numbers = { events: 1_000, persons: 10_000, days: 7, personsPerDayMax: 3, raisedPerDayMax: 1, eventsHash: 'e'.repeat(64) };
const rule = (id: string, change: object = {}) => ({ ...entryOf(loadRules()[0] ?? {}), id, ...change });
type Ask = Awaited<ReturnType<Desk['as']>>;

const inForce = async (id: string): Promise<string[]> =>
  rulesInForce
    .parse(JSON.parse((await desk.store.get(RULE_KEYS.inForce)) ?? '{}'))
    .rules.filter((one) => one.id === id)
    .map(({ state }) => state);

/** As a scorer does that counted a version. */
async function scored(id: string, version: string, persons: number): Promise<void> {
  const counted = { id, version, state: 'shadow', times: persons, days: [{ day: 20_000, persons }] };
  await desk.store.set(RULE_KEYS.counts, JSON.stringify({ seq: 1, atMs: T0, rules: [counted] }));
}
async function propose(ask: Ask, id: string, change: object = {}): Promise<string> {
  const reply = await ask('POST', '/api/rules', { rule: rule(id, change), reason });
  expect(reply.statusCode, reply.body).toBe(200);
  return (reply.json() as { version: string }).version;
}
async function toShadow(ask: Ask, id: string, version: string): Promise<void> {
  for (const [step, body] of [
    ['check', {}],
    ['backtest', { numbers }],
    ['shadow', {}],
  ] as const)
    expect((await ask('POST', `/api/rules/${id}/${step}`, { version, reason, ...body })).statusCode, step).toBe(204);
}

test('the rules of the release are in force from the start', async () => {
  const list = ruleList.parse((await (await desk.as('analyst'))('GET', '/api/rules')).json());
  expect(list.rules.filter(({ state }) => state === 'live')).toHaveLength(loadRules().length);
  expect(await inForce(loadRules()[0]?.id ?? '')).toEqual(['live']);
});

test('a rule lives its whole life by the API, approved by a second person, and is taken back in one act', async () => {
  const [analyst, leader] = [await desk.as('analyst'), await desk.as('leader')];
  const version = await propose(analyst, 'whole_life');
  expect(await inForce('whole_life')).toEqual([]);
  await toShadow(analyst, 'whole_life', version);
  expect(await inForce('whole_life')).toEqual(['shadow']);
  const approve = (ask: Ask) => ask('POST', '/api/rules/whole_life/approve', { version, reason });
  expect((await approve(analyst)).statusCode).toBe(403);
  expect((await approve(leader)).json()).toMatchObject({ code: 'LEDGER_RULE_NUMBERS', facts: { why: 'less than a day in shadow' } });
  desk.clock.set(T0 + RULE_SHADOW_MS);
  await scored('whole_life', version, 900);
  expect((await approve(leader)).json()).toMatchObject({ code: 'LEDGER_RULE_NUMBERS', facts: { why: 'shadow', personsPerDay: 900 } });
  await scored('whole_life', version, 1);
  expect((await approve(leader)).statusCode).toBe(204);
  expect((await leader('POST', '/api/rules/whole_life/live', { version, reason })).statusCode).toBe(204);
  expect(await inForce('whole_life')).toEqual(['live']);
  const back = await analyst('POST', '/api/rules/whole_life/roll-back', { reason });
  expect(back.json()).toEqual({ live: null });
  expect(await inForce('whole_life')).toEqual([]);
  const { steps } = ruleHistory.parse((await leader('GET', '/api/rules/whole_life')).json());
  expect(steps.map(({ step }) => step)).toEqual(['draft', 'checked', 'backtested', 'shadow', 'approved', 'live', 'rolled_back']);
});

test('a leader approves no rule of their own', async () => {
  const leader = await desk.as('leader');
  const version = await propose(leader, 'own_rule');
  await toShadow(leader, 'own_rule', version);
  desk.clock.set(T0 + 3 * RULE_SHADOW_MS);
  await scored('own_rule', version, 0);
  const reply = await leader('POST', '/api/rules/own_rule/approve', { version, reason });
  expect(reply.statusCode).toBe(409);
  expect(reply.json()).toMatchObject({ code: 'LEDGER_RULE_OWN' });
});

test('a rule with a mistake is refused with its places, and nothing is kept', async () => {
  const analyst = await desk.as('analyst');
  const reply = await analyst('POST', '/api/rules', { rule: rule('broken_rule', { when: 'call_unk_active_z >= 600' }), reason });
  expect(reply.statusCode).toBe(400);
  expect(reply.json()).toMatchObject({ details: [{ path: 'rule.when', message: expect.stringContaining('did you mean') as string }] });
  expect((await analyst('GET', '/api/rules/broken_rule')).statusCode).toBe(404);
});
