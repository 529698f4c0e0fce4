import { BAR_KEY, budgetSeen, erasureList, MODEL_KEYS, MODEL_WATCH_MS, modelList, modelsInForce, ruleList } from '@skyeye/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PERSON, startDesk, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.end());

const reason = 'a test of its life';
const digest = 'd'.repeat(64);
const side = (model: string) => ({
  model,
  persons: 9,
  caught: 6,
  caughtFen: 100,
  lostFen: 200,
  urgent: 8,
  falseUrgent: 2,
  falsePerShift: 0.1,
  leadMinutes: null,
});
const table = { events: 10, fromMs: T0, untilMs: T0 + 1, live: side('person/2'), candidate: side('person/3'), gained: 1, lost: 0 };
const counts = { agrees: 9, higher: 1, lower: 0, failed: 0, passedOver: 0 };
const inForce = async () => modelsInForce.parse(JSON.parse((await desk.store.get(MODEL_KEYS.inForce)) ?? '{}')).models;

test('a model is proposed with its table, watches, is promoted by a second person, and is taken back, by the API', async () => {
  const [analyst, leader] = [await desk.as('analyst'), await desk.as('leader')];
  const step = (ask: typeof analyst, verb: string) => ask('POST', `/api/models/person/${verb}`, { version: '3', reason });
  expect((await analyst('POST', '/api/models', { name: 'person', version: '3', digest, reason })).statusCode).toBe(400);
  expect((await analyst('POST', '/api/models', { name: 'person', version: '3', digest, table, reason })).statusCode).toBe(204);
  expect((await step(leader, 'promote')).json()).toMatchObject({ code: 'LEDGER_MODEL_STEP' });
  expect((await step(analyst, 'watch')).statusCode).toBe(204);
  expect(await inForce()).toEqual([{ name: 'person', champion: null, challenger: { version: '3', digest } }]);
  desk.clock.set(T0 + MODEL_WATCH_MS);
  expect((await step(analyst, 'promote')).statusCode).toBe(403);
  expect((await step(leader, 'promote')).json()).toMatchObject({ facts: { why: 'no scorer has counted it' } });
  const told = (challenger: string) =>
    desk.store.set(
      MODEL_KEYS.counts,
      JSON.stringify({ seq: 1, atMs: T0, models: [{ name: 'person', champion: 'person/2', challenger, refused: [], counts }] }),
    );
  // Counts of another version say nothing about this one.
  await told('person/4');
  expect((await step(leader, 'promote')).json()).toMatchObject({ facts: { why: 'no scorer has counted it' } });
  await told('person/3');
  expect((await step(leader, 'promote')).statusCode).toBe(204);
  expect(await inForce()).toEqual([{ name: 'person', champion: { version: '3', digest }, challenger: null }]);
  const list = modelList.parse((await analyst('GET', '/api/models')).json());
  expect(list).toMatchObject({ scorer: { models: [{ champion: 'person/2' }] }, models: [{ version: '3', state: 'champion', table }] });
  expect((await analyst('POST', '/api/models/person/roll-back', { reason })).json()).toEqual({ champion: null });
  expect(await inForce()).toEqual([]);
});

test('the budget shows the visits of the county’s day, and the bar once a scorer has said where it stands', async () => {
  const analyst = await desk.as('analyst');
  await desk.alert(1);
  await desk.alert(2, { level: 'P3' });
  const before = budgetSeen.parse((await analyst('GET', '/api/budget')).json());
  expect(before).toMatchObject({ bar: null, today: { urgent: 1, met: 0, open: 1 } });
  expect(before.days.map(({ urgent }) => urgent)).toEqual([0, 0, 0, 0, 0, 0, 1]);
  const bar = {
    atMs: T0,
    visitsPerDay: 15,
    barFen: 700,
    candidates: 40,
    floor: 2,
    moves: [{ atMs: T0, fromFen: 0, barFen: 700, candidates: 40, floor: 2 }],
  };
  await desk.store.set(BAR_KEY, JSON.stringify(bar));
  expect((await analyst('GET', '/api/budget')).json()).toMatchObject({ bar });
});

test('requests to be erased are listed with where they stand; a leader may refuse one with a reason', async () => {
  const [operator, leader] = [await desk.as('operator'), await desk.as('leader')];
  const asked = await operator('POST', '/api/erasures', { identifiers: [{ kind: 'person', value: PERSON.identity }], reason: '本人申请' });
  const { id } = asked.json();
  expect((await operator('POST', `/api/erasures/${id}/refuse`, { reason: '案件未结' })).statusCode).toBe(403);
  expect((await leader('POST', `/api/erasures/${id}/refuse`, { reason: '案件未结' })).statusCode).toBe(204);
  expect((await leader('POST', `/api/erasures/${id}/approve`)).statusCode).toBe(404);
  const { erasures } = erasureList.parse((await operator('GET', '/api/erasures')).json());
  expect(erasures).toMatchObject([{ id, state: 'refused', keys: 2, refusal: '案件未结', askedBy: 'operator', decidedBy: 'leader' }]);
  expect(JSON.stringify(erasures)).not.toContain(desk.person);
});

test('the list of rules says how many live in the county and what the newest backtest saw', async () => {
  const list = ruleList.parse((await (await desk.as('auditor'))('GET', '/api/rules')).json());
  expect(list.residents).toBe(1);
  expect(list.rules.every(({ backtest }) => backtest === null)).toBe(true);
});
