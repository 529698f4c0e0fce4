import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  acceptTask,
  actionsOf,
  arrive,
  changeLevel,
  close,
  dispatchTo,
  endHold,
  evidenceOf,
  fieldTasks,
  getIncident,
  incidentDetail,
  insertHold,
  listIncidents,
  meet,
  putReference,
  readCounters,
  readFeed,
  recordAssessment,
  recordCall,
  reportTask,
  requestStop,
  sign,
  tasksOf,
  verifyAudit,
  type NewHold,
} from '@skyeye/ledger';
import {
  incidentDetail as detailSchema,
  incident as incidentSchema,
  fieldTask as fieldTaskSchema,
  counters as countersSchema,
  report,
  type Report,
} from '@skyeye/contracts';
import { assessment, context, fieldContext, geo, HOME, MINUTE, resident, T0, testLedger, type TestLedger } from './testing/dispatching.ts';

let it: TestLedger;
beforeAll(async () => {
  it = await testLedger();
  await it.ledger.tx((tx) => putReference(tx, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'm', 'n'].flatMap(resident)));
  await it.ledger.tx((tx) => putReference(tx, [{ id: 'k1', kind: 'kin', person: 'a', kin: 'b', relation: '女儿' }]));
});
afterAll(() => it.end());

const analyst = { account: 'analyst1', unit: null };
const open = async (person: string, changes: Parameters<typeof assessment>[1] = {}, nowMs = T0) => {
  const { incidentId } = await recordAssessment(it.ledger, geo, assessment(person, changes), nowMs);
  return getIncident(it.ledger, incidentId ?? 'none');
};
const taskFor = async (incidentId: string, tier: string) =>
  (await tasksOf(it.ledger, [incidentId])).find((task) => task.tier === tier && (tier !== 'officer' || task.unit === HOME.community)) ??
  Promise.reject(new Error(`no ${tier} task`));
const step = (clientId: string, atMs: number) => ({ clientId: `client-${clientId}`, atMs, lon: null, lat: null });
const form = (clientId: string, filledMs: number, changes: Partial<Report> = {}): Report =>
  report.parse({
    clientId: `client-${clientId}`,
    result: 'stopped_before',
    metWho: 'self',
    meeting: 'face',
    transferred: false,
    filledMs,
    ...changes,
  });

test('an alert becomes one incident, and the three tiers are told side by side', async () => {
  const row = await open('a');
  expect(row).toMatchObject({ level: 'P1', state: 'DISPATCHED', version: 1, number: '20260916-0001' });
  const tasks = await tasksOf(it.ledger, [row.id]);
  expect([...new Set(tasks.map((task) => task.tier))].toSorted()).toEqual(['grid', 'officer', 'station']);
  expect(tasks.find((task) => task.tier === 'grid')?.unit).toBe(HOME.grid);
  const detail = detailSchema.parse(await incidentDetail(it.ledger, row.id, context(T0)));
  expect(detail.clocks.map((clock) => [clock.step, clock.doneMs])).toEqual(
    expect.arrayContaining([
      ['sign', null],
      ['first_call', null],
      ['at_door', null],
      ['dispatch', T0],
    ]),
  );
  expect(detail.subject).toMatchObject({ maskedName: '张*', age: 70, communityName: geo.county.communities[0]?.name });
  expect(detail.kin).toMatchObject([{ relation: '女儿' }]);
  const pushes = await it.ledger.query("select target, payload from outbox where payload->>'incidentId' = $1", [row.id]);
  expect(pushes).toHaveLength(tasks.length);
  expect(JSON.stringify(pushes)).not.toMatch(/ph-a|张/);
});

test('invariant 3: the same assessment again changes nothing, not even the version', async () => {
  const said = assessment('b');
  const first = await recordAssessment(it.ledger, geo, said, T0);
  const feed = await readFeed(it.ledger, 0, 10_000);
  expect(await recordAssessment(it.ledger, geo, said, T0 + 1000)).toMatchObject({ kind: 'replayed' });
  expect(await Promise.all([1, 2, 3].map(() => recordAssessment(it.ledger, geo, said, T0)))).toEqual(
    [1, 2, 3].map(() => expect.objectContaining({ kind: 'replayed' })),
  );
  expect(await readFeed(it.ledger, 0, 10_000)).toEqual(feed);
  expect((await getIncident(it.ledger, first.incidentId ?? '')).version).toBe(1);
});

test('one episode is one incident: level rises with the assessments, never falls, and evidence is kept once', async () => {
  const row = await open('c', { level: 'P3' });
  const item = {
    eventId: 'shared',
    stream: 'bank' as const,
    t: T0,
    delayMs: 1,
    startMs: null,
    says: { zh: '转账', en: 'transfer' },
    peer: null,
    amountFen: 4_980_000,
    facts: {},
  };
  await recordAssessment(it.ledger, geo, assessment('c', { level: 'P1', t: T0 + 1000, evidence: [item] }), T0 + 1000);
  await recordAssessment(
    it.ledger,
    geo,
    assessment('c', {
      level: null,
      t: T0 + 2000,
      evidence: [item],
      live: { call: false, share: true, payment: true },
      lossAtMs: T0 + 60_000,
    }),
    T0 + 2000,
  );
  await recordAssessment(it.ledger, geo, assessment('c', { level: 'P4', t: T0 + 3000 }), T0 + 3000);
  const after = await getIncident(it.ledger, row.id);
  expect(after).toMatchObject({ level: 'P1', alerts: 1, state: 'DISPATCHED' });
  expect((await evidenceOf(it.ledger, row.id)).filter((entry) => entry.eventId === 'shared')).toHaveLength(1);
  expect(new Set((await tasksOf(it.ledger, [row.id])).map((task) => task.tier)).size).toBe(3);
  const actions = (await actionsOf(it.ledger, row.id)).map((action) => action.kind);
  expect(actions.filter((kind) => kind === 'raised')).toHaveLength(1);
  expect(await recordAssessment(it.ledger, geo, assessment('nobody', { level: null }), T0)).toMatchObject({ kind: 'ignore' });
});

test('concurrent assessments of one person make one incident', async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => recordAssessment(it.ledger, geo, assessment('race'), T0)));
  expect(new Set(outcomes.map((outcome) => outcome.incidentId)).size).toBe(1);
  expect(outcomes.filter((outcome) => outcome.kind === 'open')).toHaveLength(1);
});

describe('the desk', () => {
  test('a stale version is refused and changes nothing', async () => {
    const row = await open('d');
    const signedRow = await sign(it.ledger, { incidentId: row.id, version: row.version, actor: analyst, nowMs: T0 + 20_000 });
    expect(signedRow).toMatchObject({ state: 'SIGNED', signedBy: 'analyst1', version: 2 });
    await expect(
      recordCall(it.ledger, { incidentId: row.id, version: 1, actor: analyst, nowMs: T0 + 30_000, result: 'busy', note: '' }),
    ).rejects.toMatchObject({ code: 'LEDGER_STALE_VERSION', facts: { version: 2 } });
    const called = await recordCall(it.ledger, {
      incidentId: row.id,
      version: 2,
      actor: analyst,
      nowMs: T0 + 30_000,
      result: 'busy',
      note: '',
    });
    expect(called).toMatchObject({ state: 'CONTACTING', calls: 1 });
    const [near] = geo.unitsNear(HOME, T0, { kinds: ['team'] });
    const unit = {
      tier: 'officer' as const,
      unit: near?.code ?? '',
      unitName: near?.name ?? '',
      dueMs: T0 + 5 * MINUTE,
      etaMin: near?.etaMin ?? null,
    };
    const sent = await dispatchTo(it.ledger, { incidentId: row.id, version: 3, actor: analyst, nowMs: T0 + 40_000, unit, note: '' });
    expect(sent.state).toBe('LOCATING');
    const again = await dispatchTo(it.ledger, { incidentId: row.id, version: 4, actor: analyst, nowMs: T0 + 41_000, unit, note: '' });
    expect((await tasksOf(it.ledger, [again.id])).filter((task) => task.unit === unit.unit)).toHaveLength(1);
  });

  test('invariant 7: P1 does not close without a meeting, and a level is lowered only with a reason', async () => {
    const row = await open('e');
    const base = { incidentId: row.id, actor: analyst, nowMs: T0 + 60_000 };
    await expect(
      close(it.ledger, { ...base, version: 1, result: 'stopped_before', falseAlarmCause: null, note: '' }),
    ).rejects.toMatchObject({ code: 'RESPONSE_MEETING_REQUIRED', handling: 'refuse' });
    await expect(changeLevel(it.ledger, { ...base, version: 1, level: 'P3', reason: ' ' })).rejects.toMatchObject({
      code: 'RESPONSE_REASON_REQUIRED',
    });
    const lowered = await changeLevel(it.ledger, { ...base, version: 1, level: 'P3', reason: '本人在售楼处购房,已核实' });
    expect((await recordAssessment(it.ledger, geo, assessment('e', { level: 'P1', t: T0 + 70_000 }), T0 + 70_000)).level).toBe('P3');
    await expect(
      close(it.ledger, { ...base, version: 1, result: 'false_alarm', falseAlarmCause: 'house', note: '' }),
    ).rejects.toMatchObject({ code: 'LEDGER_STALE_VERSION' });
    // The machine's update in between is no reason to refuse a person who saw everything a person decided.
    await expect(
      close(it.ledger, { ...base, version: lowered.version, result: 'false_alarm', falseAlarmCause: null, note: '' }),
    ).rejects.toMatchObject({ code: 'RESPONSE_CAUSE_REQUIRED' });
    const closed = await close(it.ledger, { ...base, version: lowered.version, result: 'false_alarm', falseAlarmCause: 'house', note: '' });
    expect(closed).toMatchObject({ state: 'CLOSED', closedMs: T0 + 60_000, result: 'false_alarm' });
    expect((await tasksOf(it.ledger, [row.id])).every((task) => task.state === 'cancelled')).toBe(true);
  });

  test('a new alert on the same person opens the same incident again, a step higher, with fresh clocks', async () => {
    const before = await listIncidents(it.ledger, { state: 'closed' }, context(T0));
    const closed = before.find((incident) => incident.subject.person === 'e');
    const t = T0 + 60 * MINUTE;
    const outcome = await recordAssessment(it.ledger, geo, assessment('e', { level: 'P3', t }), t);
    expect(outcome).toMatchObject({ kind: 'realert', incidentId: closed?.id, level: 'P2' });
    const [again] = (await listIncidents(it.ledger, {}, context(t))).filter((incident) => incident.subject.person === 'e');
    expect(again).toMatchObject({ state: 'REOPENED', alerts: 2, signedBy: null, closedMs: null, result: null });
    expect(again?.clocks.find((clock) => clock.step === 'sign')).toMatchObject({ dueMs: t + 3 * MINUTE, doneMs: null });
  });
});

describe('the field', () => {
  test('accept, arrive, meet, report: each step once, whatever the terminal repeats, and only by its unit', async () => {
    const row = await open('f');
    const task = await taskFor(row.id, 'officer');
    const officer = { account: 'officer1', unit: task.unit };
    const at = (minutes: number) => T0 + minutes * MINUTE;
    await expect(
      acceptTask(it.ledger, { taskId: task.id, actor: { account: 'x', unit: 'elsewhere' }, nowMs: at(1), step: step('f0', at(1)) }),
    ).rejects.toMatchObject({ code: 'LEDGER_NOT_YOURS' });
    for (let n = 0; n < 3; n++)
      expect(await acceptTask(it.ledger, { taskId: task.id, actor: officer, nowMs: at(1), step: step('f1', at(1)) })).toMatchObject({
        state: 'accepted',
        acceptedMs: at(1),
      });
    await expect(acceptTask(it.ledger, { taskId: task.id, actor: officer, nowMs: at(1), step: step('f1', at(2)) })).rejects.toMatchObject({
      code: 'LEDGER_ID_REUSED',
    });
    // Offline: what the terminal says counts, but never the future.
    await arrive(it.ledger, { taskId: task.id, actor: officer, nowMs: at(9), step: step('f2', at(4)) });
    await requestStop(it.ledger, { taskId: task.id, actor: officer, nowMs: at(9), step: step('f3', at(5)) });
    await meet(it.ledger, { taskId: task.id, actor: officer, nowMs: at(9), step: { ...step('f4', at(99)), lon: HOME.lon, lat: HOME.lat } });
    const shown = (await fieldTasks(it.ledger, fieldContext({ account: 'officer1', role: 'officer', units: [task.unit] }, at(9)))).find(
      (entry) => entry.id === task.id,
    );
    expect(fieldTaskSchema.parse(shown)).toMatchObject({ name: 'clear f', arrivedMs: at(4), metMs: at(9), state: 'met' });
    for (let n = 0; n < 2; n++) await reportTask(it.ledger, { taskId: task.id, actor: officer, nowMs: at(12), report: form('f5', at(11)) });
    const after = await getIncident(it.ledger, row.id);
    expect(after).toMatchObject({ state: 'RESULTED', result: 'stopped_before', metMs: at(9), resultedMs: at(11) });
    const kinds = (await actionsOf(it.ledger, row.id)).map((action) => action.kind);
    for (const kind of ['task_accepted', 'arrived', 'met', 'resulted', 'hold_asked'])
      expect(kinds.filter((entry) => entry === kind)).toHaveLength(1);
    expect(
      (
        await close(it.ledger, {
          incidentId: row.id,
          version: after.version,
          actor: analyst,
          nowMs: at(13),
          result: 'stopped_before',
          falseAlarmCause: null,
          note: '',
        })
      ).state,
    ).toBe('CLOSED');
  });

  test('invariant 8: others see a masked name, and a grid worker no score, reason, position or kin', async () => {
    const row = await open('g');
    const [station, grid] = [await taskFor(row.id, 'station'), await taskFor(row.id, 'grid')];
    const seen = await fieldTasks(it.ledger, fieldContext({ account: 'other', role: 'station', units: [station.unit] }, T0));
    expect(seen.find((task) => task.id === station.id)).toMatchObject({ name: '张*', address: null });
    const forGrid = (await fieldTasks(it.ledger, fieldContext({ account: 'grid1', role: 'grid', units: [grid.unit] }, T0))).find(
      (task) => task.id === grid.id,
    );
    expect(forGrid).toMatchObject({ why: null, live: null, position: null, kin: [], gridTask: expect.stringContaining('见面') });
  });

  test('whoever refuses at the door while the call goes on is still being defrauded; who is convinced is not', async () => {
    for (const [person, result, call] of [
      ['r1', 'refused', true],
      ['r2', 'stopped_before', false],
    ] as const) {
      const row = await open(person, { live: { call: true, share: false, payment: false } });
      const task = await taskFor(row.id, 'station');
      const actor = { account: 'o', unit: task.unit };
      await meet(it.ledger, { taskId: task.id, actor, nowMs: T0 + MINUTE, step: step(`${person}m`, T0 + MINUTE) });
      await reportTask(it.ledger, {
        taskId: task.id,
        actor,
        nowMs: T0 + 2 * MINUTE,
        report: form(`${person}r`, T0 + 2 * MINUTE, { result }),
      });
      expect((await getIncident(it.ledger, row.id)).live.call).toBe(call);
    }
  });

  test('a report that says "refused, by phone" leaves the meeting open at P1', async () => {
    const row = await open('h');
    const task = await taskFor(row.id, 'station');
    await reportTask(it.ledger, {
      taskId: task.id,
      actor: { account: 's', unit: task.unit },
      nowMs: T0 + MINUTE,
      report: form('h1', T0 + MINUTE, { result: 'refused', meeting: 'phone' }),
    });
    const detail = await incidentDetail(it.ledger, row.id, context(T0));
    expect(detail.clocks.filter((clock) => clock.doneMs === null).map((clock) => clock.step)).toEqual(
      expect.arrayContaining(['at_door', 'escalate_county', 'escalate_city', 'follow_up']),
    );
    await expect(
      close(it.ledger, {
        incidentId: row.id,
        version: detail.version,
        actor: analyst,
        nowMs: T0,
        result: 'refused',
        falseAlarmCause: null,
        note: '',
      }),
    ).rejects.toMatchObject({ code: 'RESPONSE_MEETING_REQUIRED' });
  });
});

test('a hold is decided once per request, joins the incident, and ends once', async () => {
  const row = await open('k');
  const reply = {
    requestId: 'request-0001',
    holdId: 'h1',
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
    id: 'h1',
    requestId: 'request-0001',
    bank: 'b1',
    bodyHash: 'x',
    person: 'k',
    acct: 'ac',
    peer: 'pe',
    amountFen: 4_980_000,
    outcome: 'hold',
    state: 'active',
    reasonCode: '2001',
    reply,
    createdMs: T0,
    expiresMs: T0 + 30 * MINUTE,
  };
  expect((await it.ledger.tx((tx) => insertHold(tx, hold))).fresh).toBe(true);
  const again = await it.ledger.tx((tx) => insertHold(tx, { ...hold, id: 'h2' }));
  expect([again.fresh, again.hold.id, again.hold.reply]).toEqual([false, 'h1', reply]);
  await expect(it.ledger.tx((tx) => insertHold(tx, { ...hold, bodyHash: 'y' }))).rejects.toMatchObject({ code: 'LEDGER_ID_REUSED' });
  for (const changed of [true, false])
    expect(
      (await it.ledger.tx((tx) => endHold(tx, { id: 'h1', state: 'confirmed', atMs: T0 + MINUTE, by: 'b1', reason: '客户同意' }))).changed,
    ).toBe(changed);
  const incident = incidentSchema.parse((await listIncidents(it.ledger, {}, context(T0))).find((entry) => entry.id === row.id));
  expect(incident).toMatchObject({ savedFen: 4_980_000, hold: { state: 'confirmed' } });
  expect(countersSchema.parse(await readCounters(it.ledger, { nowMs: T0 + MINUTE, unitsAll: geo.units.length })).savedTodayFen).toBe(
    4_980_000,
  );
});

test('every step above is in one intact chain', async () => {
  const { intact, entries } = await verifyAudit(it.ledger);
  expect([intact, entries > 20]).toEqual([true, true]);
});

test('the map gets the position of the last cell with its radius and time; a late report does not move it back', async () => {
  const [here, there] = geo.county.cells;
  if (here === undefined || there === undefined) throw new Error('the county has cells');
  const report = (cell: string, t: number): Parameters<typeof assessment>[1] => ({
    t,
    evidence: [
      {
        eventId: `loc-${t}`,
        stream: 'loc',
        t,
        delayMs: 5_000,
        startMs: null,
        says: { zh: '位置更新', en: 'position' },
        peer: null,
        amountFen: null,
        facts: { ev: 'cell', cell },
      },
    ],
  });
  const positionNow = async (id: string) => (await incidentDetail(it.ledger, id, context(T0))).subject.position;
  const row = await open('m', report(here.code, T0));
  expect(await positionNow(row.id)).toEqual({ lon: here.lon, lat: here.lat, radiusM: here.radiusM, atMs: T0 });
  await open('m', report(there.code, T0 + MINUTE));
  expect(await positionNow(row.id)).toEqual({ lon: there.lon, lat: there.lat, radiusM: there.radiusM, atMs: T0 + MINUTE });
  await open('m', report(here.code, T0 + MINUTE / 2));
  await open('m', report('not in the county', T0 + 2 * MINUTE));
  expect(await positionNow(row.id)).toMatchObject({ lon: there.lon, atMs: T0 + MINUTE });
  expect(await evidenceOf(it.ledger, row.id), 'a bare report is a point on the map and no row of the axis').toEqual([]);
});

test('units out and units in all leave grid workers out', async () => {
  const before = await readCounters(it.ledger, { nowMs: T0, unitsAll: 3 });
  const row = await open('n');
  for (const tier of ['grid', 'officer']) {
    const task = await taskFor(row.id, tier);
    await acceptTask(it.ledger, { taskId: task.id, actor: { account: tier, unit: task.unit }, nowMs: T0, step: step(`n-${tier}`, T0) });
  }
  const after = await readCounters(it.ledger, { nowMs: T0, unitsAll: 3 });
  expect([after.unitsOut - before.unitsOut, after.unitsAll]).toEqual([1, 3]);
});

test('a withdrawn alert is shown as withdrawn with its reason, and the incident and its reasons stay', async () => {
  const row = await open('n', { id: 'as:n:1' }, T0 + 40 * MINUTE);
  const because = { zh: '后到记录更正,以下依据不成立:共享屏幕', en: 'a later record shows that this had not been: sharing' };
  const change = { kind: 'withdrawn' as const, from: row.level, because };
  const made = assessment('n', { id: 'as:n:2', t: row.alertMs + MINUTE, level: null, score: 0, reasons: [], change });
  expect(await recordAssessment(it.ledger, geo, made, T0 + 41 * MINUTE)).toMatchObject({ kind: 'update', incidentId: row.id });
  expect(await recordAssessment(it.ledger, geo, made, T0 + 42 * MINUTE)).toMatchObject({ kind: 'replayed' });
  const detail = detailSchema.parse(await incidentDetail(it.ledger, row.id, context(T0 + 42 * MINUTE)));
  expect(detail).toMatchObject({ level: row.level, state: row.state, score: 0, why: { zh: `已撤回:${because.zh}` } });
  expect(detail.reasons).toEqual(row.reasons);
  const withdrawn = detail.actions.filter(({ kind }) => kind === 'withdrawn');
  expect(withdrawn.map(({ says }) => says.zh)).toEqual([`预警撤回(原${row.level}):${because.zh};工单保留,由民警决定`]);
});
