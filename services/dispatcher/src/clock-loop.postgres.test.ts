import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  acceptTask,
  actionsOf,
  clocksOf,
  fieldTasks,
  getHold,
  getIncident,
  insertHold,
  meet,
  openLedger,
  putReference,
  recordAssessment,
  recordCall,
  reportTask,
  sign,
  sm3,
  tasksOf,
  type NewHold,
} from '@skyeye/ledger';
import { report } from '@skyeye/contracts';
import { isSampled } from '@skyeye/response';
import { tidy, turnClocks } from './clock-loop.ts';
import { assessment, fieldContext, geo, HOME, MINUTE, resident, T0, testLedger, type TestLedger } from './testing/dispatching.ts';

let it: TestLedger;
beforeAll(async () => {
  it = await testLedger();
  await it.ledger.tx((tx) => putReference(tx, ['p', 'q', 'r', 's', 't', 'u', 'v'].flatMap(resident)));
});
afterAll(() => it.end());

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const open = async (person: string, level: 'P1' | 'P3') =>
  (await recordAssessment(it.ledger, geo, assessment(person, { level }), T0)).incidentId ?? '';
const kinds = async (id: string) =>
  (await actionsOf(it.ledger, id)).map(
    (action) => `${action.kind}${typeof action.facts['step'] === 'string' ? ` ${action.facts['step']}` : ''}`,
  );

test('a missed step escalates once, after its grace, whichever process looks and whenever it was restarted', async () => {
  const id = await open('p', 'P1');
  await turnClocks(it.ledger, geo, T0 + 80_000);
  expect(await kinds(id)).not.toContain('clock_missed sign');
  // The process that started the clock is gone; another one, with nothing but the ledger, looks at 95 seconds.
  const other = openLedger({ url: it.server.ledgerUrl });
  const turns = await Promise.all([
    turnClocks(other, geo, T0 + 95_000),
    turnClocks(it.ledger, geo, T0 + 95_000),
    turnClocks(other, geo, T0 + 95_000),
  ]);
  await other.close();
  expect(turns.flatMap((turn) => turn.clocks.filter((clock) => clock.incidentId === id && clock.step === 'sign'))).toHaveLength(1);
  expect((await kinds(id)).filter((kind) => kind === 'clock_missed sign')).toHaveLength(1);
  const pushes = await it.ledger.query("select target from outbox where payload->>'incidentId' = $1 and dedupe like 'clock:%'", [id]);
  expect(pushes).toEqual([{ target: 'role:leader' }]);
});

test('what is done in time is not missed, and a kill of the server in between loses no clock', async () => {
  const id = await open('q', 'P1');
  await sign(it.ledger, { incidentId: id, version: 1, actor: { account: 'analyst1', unit: null }, nowMs: T0 + 30_000 });
  process.kill(it.server.pid() ?? 0, 'SIGKILL');
  const turn = async (): Promise<unknown> => {
    try {
      return await turnClocks(it.ledger, geo, T0 + 16 * MINUTE);
    } catch (error) {
      return (error as { handling: string }).handling;
    }
  };
  await expect.poll(turn, { timeout: 20_000, interval: 100 }).not.toBe('retry');
  const missed = (await kinds(id)).filter((kind) => kind.startsWith('clock_missed'));
  expect(missed.toSorted()).toEqual(['clock_missed at_door', 'clock_missed escalate_county', 'clock_missed first_call']);
});

test('invariant 4: a hold that the machine asked for ends by itself after 30 minutes of county time', async () => {
  const reply = {
    requestId: 'request-0009',
    holdId: 'x1',
    outcome: 'hold' as const,
    reasonCode: '2001',
    reason: '疑似',
    decidedBy: 'engine' as const,
    state: 'active' as const,
    expiresMs: T0 + 30 * MINUTE,
    script: null,
    decidedInMs: 3,
  };
  const hold: NewHold = {
    id: 'x1',
    requestId: 'request-0009',
    bank: 'b1',
    bodyHash: 'x',
    person: 'p',
    acct: 'ac',
    peer: 'pe',
    amountFen: 100,
    outcome: 'hold',
    state: 'active',
    reasonCode: '2001',
    reply,
    createdMs: T0,
    expiresMs: T0 + 30 * MINUTE,
  };
  await it.ledger.tx((tx) => insertHold(tx, hold));
  await turnClocks(it.ledger, geo, T0 + 30 * MINUTE - 1);
  expect((await getHold(it.ledger, 'x1')).state).toBe('active');
  const turns = await Promise.all([turnClocks(it.ledger, geo, T0 + 30 * MINUTE), turnClocks(it.ledger, geo, T0 + 30 * MINUTE)]);
  expect(turns.reduce((sum, turn) => sum + turn.holds, 0)).toBe(1);
  expect(await getHold(it.ledger, 'x1')).toMatchObject({ state: 'expired', endedMs: T0 + 30 * MINUTE, endedBy: 'dispatcher' });
});

test('at P3 someone goes there when nobody was reached in four hours', async () => {
  const id = await open('r', 'P3');
  expect((await tasksOf(it.ledger, [id])).map((task) => task.tier)).toEqual(['grid']);
  await turnClocks(it.ledger, geo, T0 + 4 * HOUR);
  expect((await tasksOf(it.ledger, [id])).map((task) => task.tier).toSorted()).toEqual(['grid', 'officer', 'station']);
});

test('after the result the follow-ups come one by one, and after the last one the incident closes by itself', async () => {
  const id = await open('s', 'P1');
  const officer = { account: 'officer1', unit: HOME.community };
  const task = (await tasksOf(it.ledger, [id])).find((entry) => entry.unit === HOME.community);
  const gridTask = (await tasksOf(it.ledger, [id])).find((entry) => entry.tier === 'grid');
  const form = (clientId: string, atMs: number) =>
    report.parse({
      clientId: `client-${clientId}`,
      result: 'stopped_before',
      metWho: 'self',
      meeting: 'face',
      transferred: false,
      filledMs: atMs,
    });
  const step = (clientId: string) => ({ clientId: `client-${clientId}`, atMs: T0 + MINUTE, lon: null, lat: null });
  await acceptTask(it.ledger, { taskId: task?.id ?? '', actor: officer, nowMs: T0 + MINUTE, step: step('s1') });
  await meet(it.ledger, { taskId: task?.id ?? '', actor: officer, nowMs: T0 + MINUTE, step: step('s2') });
  await reportTask(it.ledger, { taskId: task?.id ?? '', actor: officer, nowMs: T0 + 5 * MINUTE, report: form('s3', T0 + 5 * MINUTE) });
  const grid = { account: 'grid1', unit: HOME.grid };
  await reportTask(it.ledger, { taskId: gridTask?.id ?? '', actor: grid, nowMs: T0 + HOUR, report: form('s4', T0 + HOUR) });
  const resulted = (await getIncident(it.ledger, id)).resultedMs ?? 0;
  for (const [round, days] of [
    [1, 1],
    [2, 3],
    [3, 7],
  ] as const) {
    const dueMs = resulted + days * DAY;
    expect((await clocksOf(it.ledger, [id])).get(id)?.find((clock) => clock.step === 'follow_up')).toMatchObject({ dueMs, doneMs: null });
    await turnClocks(it.ledger, geo, dueMs);
    expect((await getIncident(it.ledger, id)).state).toBe('FOLLOWUP');
    const asked = (await tasksOf(it.ledger, [id])).find((entry) => entry.tier === 'grid' && entry.state === 'sent');
    await reportTask(it.ledger, {
      taskId: asked?.id ?? '',
      actor: grid,
      nowMs: dueMs + HOUR,
      report: form(`follow-${round}`, dueMs + HOUR),
    });
    expect(await getIncident(it.ledger, id)).toMatchObject({ state: 'RESULTED', followUps: round });
  }
  expect((await turnClocks(it.ledger, geo, resulted + 8 * DAY)).closed).toBe(1);
  expect(await getIncident(it.ledger, id)).toMatchObject({ state: 'CLOSED', result: 'stopped_before' });
  await tidy(it.ledger, resulted + 30 * DAY, Date.now());
});

test('of the results at P4 a sample is followed up by the grid worker, the others close by themselves', async () => {
  const grid = { account: 'grid1', unit: HOME.grid };
  const openWith = async (person: string, sampled: boolean): Promise<string> => {
    const ids = Array.from({ length: 500 }, (_, n) => `a-p4-${person}-${n}`);
    const chosen = ids.find((id) => isSampled(`i${sm3(id).slice(0, 20)}`) === sampled) ?? '';
    return (await recordAssessment(it.ledger, geo, assessment(person, { id: chosen, level: 'P4' }), T0)).incidentId ?? '';
  };
  const [inSample, other] = [await openWith('u', true), await openWith('v', false)];
  const openTask = async (id: string) => (await tasksOf(it.ledger, [id])).find(({ state }) => state === 'sent');
  const form = (clientId: string, atMs: number) =>
    report.parse({ clientId, result: 'stopped_before', metWho: 'self', meeting: 'phone', transferred: false, filledMs: atMs });
  for (const id of [inSample, other])
    await reportTask(it.ledger, {
      taskId: (await openTask(id))?.id ?? '',
      actor: grid,
      nowMs: T0 + HOUR,
      report: form(`p4-first-${id}`, T0 + HOUR),
    });
  await turnClocks(it.ledger, geo, T0 + 3 * HOUR);
  expect((await getIncident(it.ledger, other)).state).toBe('CLOSED');
  expect((await getIncident(it.ledger, inSample)).state).toBe('RESULTED');
  const dueMs = T0 + HOUR + 7 * DAY;
  await turnClocks(it.ledger, geo, dueMs);
  expect((await getIncident(it.ledger, inSample)).state).toBe('FOLLOWUP');
  const task = await openTask(inSample);
  const shown = await fieldTasks(it.ledger, fieldContext({ account: 'grid1', role: 'grid', units: [HOME.grid] }, dueMs));
  expect(shown.filter(({ followUp }) => followUp !== null)).toMatchObject([{ id: task?.id, tier: 'grid', followUp: 1 }]);
  await reportTask(it.ledger, {
    taskId: task?.id ?? '',
    actor: grid,
    nowMs: dueMs + HOUR,
    report: form('p4-follow-up', dueMs + HOUR),
  });
  await turnClocks(it.ledger, geo, dueMs + 3 * HOUR);
  expect(await getIncident(it.ledger, inSample)).toMatchObject({ state: 'CLOSED', followUps: 1 });
});

test('after a call that reached nobody the next one is due, until the person is met', async () => {
  const id = await open('t', 'P1');
  const analyst = { account: 'analyst1', unit: null };
  const callClock = async () => (await clocksOf(it.ledger, [id])).get(id)?.find((clock) => clock.step === 'first_call');
  const call = async (result: 'busy' | 'answered_convinced', nowMs: number) =>
    recordCall(it.ledger, { incidentId: id, version: (await getIncident(it.ledger, id)).version, actor: analyst, nowMs, result, note: '' });
  await call('busy', T0 + MINUTE);
  expect(await callClock()).toMatchObject({ dueMs: T0 + 3 * MINUTE, doneMs: null, missed: false });
  await call('busy', T0 + 2 * MINUTE);
  expect(await callClock()).toMatchObject({ dueMs: T0 + 4 * MINUTE, doneMs: null });
  await turnClocks(it.ledger, geo, T0 + 4 * MINUTE);
  expect(await callClock()).toMatchObject({ missed: true });
  await call('busy', T0 + 5 * MINUTE);
  const task = (await tasksOf(it.ledger, [id])).find((entry) => entry.unit === HOME.community);
  const officer = { account: 'officer1', unit: HOME.community };
  const step = (clientId: string) => ({ clientId: `client-${clientId}`, atMs: T0 + 6 * MINUTE, lon: null, lat: null });
  await acceptTask(it.ledger, { taskId: task?.id ?? '', actor: officer, nowMs: T0 + 6 * MINUTE, step: step('t1') });
  await meet(it.ledger, { taskId: task?.id ?? '', actor: officer, nowMs: T0 + 6 * MINUTE, step: step('t2') });
  expect(await callClock()).toMatchObject({ doneMs: T0 + 6 * MINUTE });
  await call('busy', T0 + 7 * MINUTE);
  expect(await callClock(), 'whoever was met is not called again and again').toMatchObject({ doneMs: T0 + 6 * MINUTE });
});
