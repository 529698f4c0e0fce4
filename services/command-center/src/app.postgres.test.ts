import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditList, incidentDetail, incidentList, me, ROLES, sourceList, TOPICS, unitOption, type Incident } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { acceptTask, getTask, meet, tasksOf } from '@skyeye/ledger';
import { routeTable } from '@skyeye/identity';
import { PERSON, sealQuarantine, startDesk, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.end());

const versionOf = async (id: string): Promise<number> =>
  ((await (await desk.as('analyst'))('GET', `/api/incidents/${id}`)).json() as Incident).version;

test('invariant 8: every route refuses every role that its row does not name, and everybody without a session', async () => {
  const id = await desk.alert(0);
  const bodies: Readonly<Record<string, object>> = {
    '/api/incidents/:id/unmask': { purpose: '核对身份' },
    '/api/incidents/:id/notes': { text: '备注' },
  };
  const askers = new Map(
    await Promise.all(
      ROLES.filter((role) => role !== 'bank' && !['officer', 'team', 'grid'].includes(role)).map(
        async (role) => [role, await desk.as(role)] as const,
      ),
    ),
  );
  for (const row of routeTable(desk.center.routes)) {
    if (row.path === '/api/session') continue;
    const url = row.path
      .replace(':rule', 'no_rule')
      .replace(':model', 'none')
      .replace(':id', row.path.includes('quarantine') ? 'nothing' : id);
    const payload = row.method === 'POST' ? (bodies[row.path] ?? {}) : undefined;
    const strange = await desk.center.http.inject({ method: row.method, url, ...(payload === undefined ? {} : { payload }) });
    expect(strange.statusCode, `${row.method} ${row.path} without a session`).toBe(401);
    for (const [role, ask] of askers) {
      // A stream that is allowed does not end by itself; stream.postgres.test.ts reads it.
      if (row.path === '/api/stream' && row.access.includes(role)) continue;
      const { statusCode } = await ask(row.method, url, payload);
      const allowed = typeof row.access !== 'string' && row.access.includes(role);
      if (allowed) expect(statusCode, `${row.method} ${row.path} as ${role}`).not.toBe(403);
      else expect(statusCode, `${row.method} ${row.path} as ${role}`).toBe(403);
    }
  }
});

test('officers, teams and grid workers sign in elsewhere', async () => {
  for (const role of ['officer', 'team', 'grid']) {
    const ask = await desk.as(role);
    expect((await ask('GET', '/api/me')).statusCode).toBe(401);
  }
});

test('every file of a route is listed', async () => {
  const folder = new URL('routes/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\/[a-z-]+\.ts$/.test(name) && !name.endsWith('.test.ts'));
  // Three more come from identity: sign in, sign out, who am I.
  expect(desk.center.routes).toHaveLength(files.length + 3);
});

test('the replies keep their contracts', async () => {
  const id = await desk.alert(0);
  const ask = await desk.as('analyst');
  expect(me.parse((await ask('GET', '/api/me')).json())).toMatchObject({ account: 'analyst', demo: true });
  const list = incidentList.parse((await ask('GET', '/api/incidents?state=open&limit=500')).json());
  expect(list.incidents.find((incident) => incident.id === id)?.subject).toMatchObject({
    maskedName: '王*兰',
    maskedPhone: '138****5521',
    communityName: '凤栖社区',
    town: '371526001',
    age: 68,
  });
  const detail = incidentDetail.parse((await ask('GET', `/api/incidents/${id}`)).json());
  expect(detail.talkTrack?.openers).toHaveLength(3);
  expect(unitOption.array().parse((await ask('GET', `/api/incidents/${id}/units`)).json()).length).toBeGreaterThan(3);
  expect(sourceList.parse((await ask('GET', '/api/sources')).json()).sources).toHaveLength(19);
  expect((await ask('GET', '/api/county')).json().stations).toHaveLength(12);
});

test('invariant 8: no reply but the unmasking carries a name or a number in clear, and unmasking needs a purpose and leaves a trace', async () => {
  const id = await desk.alert(0);
  const ask = await desk.as('analyst');
  for (const url of ['/api/incidents', `/api/incidents/${id}`, `/api/incidents/${id}/units`, '/api/sources']) {
    const { body } = await ask('GET', url);
    for (const clear of [PERSON.name, PERSON.phone, PERSON.identity, PERSON.address]) expect(body).not.toContain(clear);
  }
  expect((await ask('POST', `/api/incidents/${id}/unmask`, { purpose: '' })).statusCode).toBe(400);
  expect((await ask('POST', `/api/incidents/${id}/unmask`, {})).statusCode).toBe(400);
  expect((await ask('POST', `/api/incidents/${id}/unmask`, { purpose: '电话劝阻核对' })).json()).toMatchObject({
    name: PERSON.name,
    phone: PERSON.phone,
    idNumber: PERSON.identity,
    address: PERSON.address,
  });
  const { entries, intact } = auditList.parse((await (await desk.as('auditor'))('GET', '/api/audit')).json());
  expect(intact).toBe(true);
  expect(
    entries
      .filter(({ kind, by }) => by === 'analyst' && (kind === 'unmasked' || kind === 'identifier_revealed'))
      .map(({ facts }) => facts['purpose']),
  ).toEqual(expect.arrayContaining(['电话劝阻核对', '电话劝阻核对']));
  expect(JSON.stringify(entries)).not.toContain(PERSON.phone);
});

test('invariant 8: who looked at whom is in the audit, once for an account, an incident and an hour of the county', async () => {
  const id = await desk.alert(6);
  const [analyst, leader] = [await desk.as('analyst'), await desk.as('leader')];
  const views = async (): Promise<string[]> =>
    auditList
      .parse((await (await desk.as('auditor'))('GET', '/api/audit?limit=500')).json())
      .entries.filter(({ kind, subject }) => kind === 'incident_viewed' && subject === id)
      .map(({ by }) => by)
      .toSorted();
  for (const ask of [analyst, analyst, leader]) expect((await ask('GET', `/api/incidents/${id}`)).statusCode).toBe(200);
  expect(await views()).toEqual(['analyst', 'leader']);
  desk.clock.advance(3_600_000);
  await analyst('GET', `/api/incidents/${id}`);
  expect(await views()).toEqual(['analyst', 'analyst', 'leader']);
});

test('only units that can be sent are counted', async () => {
  const { counters } = incidentList.parse((await (await desk.as('analyst'))('GET', '/api/incidents')).json());
  const { stations, communities, teams } = demoCounty;
  expect(counters.unitsAll).toBe(stations.length + communities.length + teams.length);
});

test('a P1 counts as being defrauded now until it is met, and again while a call or a shared screen goes on', async () => {
  const ask = await desk.as('analyst');
  const now = async (): Promise<number> => incidentList.parse((await ask('GET', '/api/incidents')).json()).counters.now;
  const before = await now();
  const t = desk.clock.nowMs();
  const none = { call: false, share: false, payment: false };
  const id = await desk.alert(21, { live: none });
  expect(await now()).toBe(before + 1);
  const [task] = (await tasksOf(desk.ledger, [id])).filter(({ tier }) => tier !== 'grid');
  const input = { taskId: task?.id ?? '', actor: { account: 'officer', unit: task?.unit ?? null }, nowMs: t };
  await acceptTask(desk.ledger, { ...input, step: { clientId: 'accept-now', atMs: t, lon: null, lat: null } });
  await meet(desk.ledger, { ...input, step: { clientId: 'meet-now', atMs: t, lon: null, lat: null } });
  expect(await now()).toBe(before);
  for (const [live, more] of [
    [{ ...none, call: true }, 1],
    [{ ...none, share: true }, 1],
    [{ ...none, payment: true }, 0],
    [none, 0],
  ] as const) {
    desk.clock.advance(1_000);
    await desk.alert(21, { live, evidence: [] });
    expect(await now()).toBe(before + more);
  }
});

test('the list brings what was done last, newest first, of the own station only', async () => {
  const id = await desk.alert(0);
  const ask = await desk.as('analyst');
  for (let n = 0; n < 22; n++) expect((await ask('POST', `/api/incidents/${id}/notes`, { text: `第${n}条` })).statusCode).toBe(200);
  const { recent } = incidentList.parse((await ask('GET', '/api/incidents')).json());
  const seqs = recent.map(({ action }) => action.seq);
  expect(recent).toHaveLength(20);
  expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
  expect(recent[0]).toMatchObject({ subjectName: '王*兰', action: { incidentId: id, kind: 'note' } });
  const other = incidentList.parse((await (await desk.as('station-st05'))('GET', '/api/incidents')).json());
  expect(other.recent.filter(({ action }) => action.incidentId === id)).toEqual([]);
});

test('more than twenty identities in a day are for the duty leader', async () => {
  const id = await desk.alert(0);
  const ask = await desk.as('station-st01');
  const codes: number[] = [];
  for (let n = 0; n < 22; n++) codes.push((await ask('POST', `/api/incidents/${id}/unmask`, { purpose: '上门前核对' })).statusCode);
  expect(codes.filter((code) => code === 200).length).toBeLessThanOrEqual(20);
  expect([codes[0], ...codes.slice(-2)]).toEqual([200, 403, 403]);
  expect((await (await desk.as('leader'))('POST', `/api/incidents/${id}/unmask`, { purpose: '上门前核对' })).statusCode).toBe(200);
});

test('the desk signs, calls, dispatches and raises; a stale version is refused with the present state', async () => {
  const id = await desk.alert(1, { level: 'P2' });
  const ask = await desk.as('analyst');
  const version = await versionOf(id);
  const signed = (await ask('POST', `/api/incidents/${id}/sign`, { version })).json();
  expect(signed).toMatchObject({ state: 'SIGNED', signedBy: 'analyst' });
  const stale = await ask('POST', `/api/incidents/${id}/calls`, { version, result: 'busy' });
  expect([stale.statusCode, stale.json().code, stale.json().incident.version]).toEqual([409, 'LEDGER_STALE_VERSION', signed.version]);
  const called = (await ask('POST', `/api/incidents/${id}/calls`, { version: signed.version, result: 'busy', note: '占线' })).json();
  expect(called).toMatchObject({ calls: 1, state: 'CONTACTING' });
  expect((await ask('POST', `/api/incidents/${id}/dispatches`, { version: called.version, unit: 'NOBODY' })).json().code).toBe(
    'UNKNOWN_UNIT',
  );
  const sent = (await ask('POST', `/api/incidents/${id}/dispatches`, { version: called.version, unit: 'RT01' })).json();
  expect(sent.tasks.map((task: { unit: string }) => task.unit)).toContain('RT01');
  expect((await ask('POST', `/api/incidents/${id}/level`, { version: sent.version, level: 'P1', reason: '' })).statusCode).toBe(400);
  expect(
    (await ask('POST', `/api/incidents/${id}/level`, { version: sent.version, level: 'P1', reason: '正在转账,升级处置' })).json(),
  ).toMatchObject({ level: 'P1' });
  expect((await ask('POST', `/api/incidents/${id}/notes`, { text: '已联系其子' })).statusCode).toBe(200);
  expect((await ask('POST', '/api/incidents/nothing/sign', { version: 1 })).statusCode).toBe(404);
});

test('invariant 7: P1 and P2 never close without a meeting, whoever asks', async () => {
  for (const [number, level] of [
    [2, 'P1'],
    [3, 'P2'],
  ] as const) {
    const id = await desk.alert(number, { level });
    for (const role of ['analyst', 'leader']) {
      const refused = await (
        await desk.as(role)
      )('POST', `/api/incidents/${id}/close`, { version: await versionOf(id), result: 'stopped_before' });
      expect([refused.statusCode, refused.json().code]).toEqual([409, 'RESPONSE_MEETING_REQUIRED']);
    }
    const [task] = (await tasksOf(desk.ledger, [id])).filter(({ tier }) => tier !== 'grid');
    const input = { taskId: task?.id ?? '', actor: { account: 'officer', unit: task?.unit ?? null }, nowMs: T0 };
    await acceptTask(desk.ledger, { ...input, step: { clientId: `accept-${id}`, atMs: T0, lon: null, lat: null } });
    await meet(desk.ledger, { ...input, step: { clientId: `meet-${id}`, atMs: T0, lon: null, lat: null } });
    expect((await getTask(desk.ledger, task?.id ?? '')).state).toBe('met');
    const closed = await (
      await desk.as('analyst')
    )('POST', `/api/incidents/${id}/close`, { version: await versionOf(id), result: 'stopped_before' });
    expect([closed.statusCode, closed.json().state]).toEqual([200, 'CLOSED']);
  }
});

test('a coded result reaches the topic for learning exactly once per row of the feed', async () => {
  const id = await desk.alert(4, { level: 'P3' });
  await (
    await desk.as('analyst')
  )('POST', `/api/incidents/${id}/close`, { version: await versionOf(id), result: 'false_alarm', falseAlarmCause: 'work_call' });
  const seen: { id: string; incidentId: string; falseAlarmCause: string | null }[] = [];
  const consumer = await desk.log.consumer({
    group: 'test',
    topics: [TOPICS.feedback.name],
    from: 'earliest',
    onPoison: () => Promise.resolve(),
    onBatch: ({ messages }) => {
      for (const { value } of messages) seen.push(JSON.parse(Buffer.from(value).toString()) as (typeof seen)[number]);
      return Promise.resolve();
    },
  });
  await expect
    .poll(() => seen.filter((entry) => entry.incidentId === id), { timeout: 5_000 })
    .toMatchObject([{ falseAlarmCause: 'work_call' }]);
  await consumer.close();
  expect(new Set(seen.map((entry) => entry.id)).size).toBe(seen.length);
});

test('invariant 8: numbers that people type into remarks do not reach the ledger', async () => {
  const id = await desk.alert(5, { level: 'P3' });
  const ask = await desk.as('analyst');
  const typed = `其子电话${PERSON.phone},身份证${PERSON.identity}`;
  await ask('POST', `/api/incidents/${id}/notes`, { text: typed });
  await ask('POST', `/api/incidents/${id}/calls`, { version: await versionOf(id), result: 'busy', note: typed });
  await ask('POST', `/api/incidents/${id}/level`, { version: await versionOf(id), level: 'P2', reason: typed });
  await ask('POST', `/api/incidents/${id}/unmask`, { purpose: typed });
  const tables = await desk.ledger.query<{ text: string }>(
    'select f::text as text from feed f union all select a::text from audit a union all select i::text from incidents i',
  );
  const text = tables.map((row) => row.text).join('');
  expect(text).toContain('[identifier]');
  for (const clear of [PERSON.phone, PERSON.identity]) expect(text).not.toContain(clear);
});

test("a station's room sees its own incidents and no others", async () => {
  const id = await desk.alert(0);
  const own = await desk.as('station-st01');
  const other = await desk.as('station-st05');
  expect((await own('GET', `/api/incidents/${id}`)).statusCode).toBe(200);
  expect((await other('GET', `/api/incidents/${id}`)).statusCode).toBe(404);
  expect((await other('POST', `/api/incidents/${id}/sign`, { version: await versionOf(id) })).statusCode).toBe(404);
  expect(
    (await other('GET', '/api/incidents?station=ST01')).json().incidents.every((incident: Incident) => incident.station === 'ST05'),
  ).toBe(true);
});

test('a station returns what is not of its district; the other one has it from then on, and the first hears that it is gone', async () => {
  const id = await desk.alert(30);
  const own = await desk.as('station-st01');
  const other = await desk.as('station-st05');
  const give = async (ask: typeof own, station: string) =>
    ask('POST', `/api/incidents/${id}/returns`, { version: await versionOf(id), station, reason: '住址在邻镇,138 0000 5521' });
  const rowsBefore = (await own('GET', '/api/incidents')).json().feedSeq;
  expect((await give(own, 'ST99')).json()).toMatchObject({ code: 'UNKNOWN_UNIT' });
  expect((await give(other, 'ST01')).statusCode).toBe(404);
  expect((await give(own, 'ST05')).json()).toMatchObject({ station: 'ST05', signedBy: null });
  expect((await own('GET', `/api/incidents/${id}`)).statusCode).toBe(404);
  const detail = (await other('GET', `/api/incidents/${id}`)).json();
  expect(detail.actions.map(({ kind }: { kind: string }) => kind)).toContain('returned');
  expect(JSON.stringify(detail)).not.toContain('138 0000 5521');
  expect((await give(other, 'ST01')).json()).toMatchObject({ station: 'ST01' });
  expect((await give(own, 'ST05')).json()).toMatchObject({
    code: 'RESPONSE_RETURNED_BEFORE',
    message: expect.stringContaining('已退回过一次'),
  });
  expect((await give(await desk.as('leader'), 'ST05')).json()).toMatchObject({ station: 'ST05' });
  expect((await own('GET', '/api/incidents')).json().feedSeq).toBeGreaterThan(rowsBefore);
});

test('the operator sends a quarantined record to its topic again, once, with a trace', async () => {
  const bytes = Buffer.from('{"id":"c1","broken":');
  const record = {
    id: 'raw.call:0:7',
    topic: 'raw.call',
    partition: 0,
    offset: '7',
    code: 'INGEST_NOT_JSON',
    reason: 'the text is not one JSON object',
    sealed: sealQuarantine.seal(bytes, 'raw.call:0:7'),
    bytes: bytes.length,
    atMs: T0,
  };
  const producer = desk.log.producer();
  await producer.send(TOPICS.quarantine.name, [{ key: record.id, value: JSON.stringify(record) }]);
  await producer.close();
  const ask = await desk.as('operator');
  await expect
    .poll(async () => (await ask('GET', '/api/sources')).json().quarantine.map(({ id }: { id: string }) => id), { timeout: 5_000 })
    .toEqual(['raw.call:0:7']);
  expect((await ask('GET', '/api/sources')).body).not.toContain(record.sealed);
  const both = await Promise.all([1, 2].map(() => ask('POST', '/api/quarantine/raw.call:0:7/replay')));
  expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([204, 409]);
  const again = await ask('POST', '/api/quarantine/raw.call:0:7/replay');
  expect(again.json()).toMatchObject({ code: 'LEDGER_REPLAYED_BEFORE', message: expect.stringContaining('此前已重新送入') });
  expect((await ask('POST', '/api/quarantine/raw.call:0:8/replay')).statusCode).toBe(404);
  const ends = await desk.log.admin.endOffsets('raw.call');
  expect(ends.reduce((sum, { offset }) => sum + offset, 0)).toBe(1);
  const { entries } = (await (await desk.as('auditor'))('GET', '/api/audit?limit=500')).json();
  expect(entries.filter(({ kind }: { kind: string }) => kind === 'quarantine_replayed')).toHaveLength(1);
  expect((await ask('GET', '/api/sources')).json().quarantine).toMatchObject([
    { id: 'raw.call:0:7', replayedMs: desk.clock.nowMs(), replayedBy: 'operator' },
  ]);
});

test('an operator asks for erasure, a duty leader approves, the scorer forgets, and the audit names nobody', async () => {
  const ask = await desk.as('operator');
  const body = { identifiers: [{ kind: 'person', value: PERSON.identity }], reason: '本人申请,电话 13800005521' };
  const asked = await ask('POST', '/api/erasures', body);
  const { id, keys } = asked.json();
  // The person, and the phone that the register links.
  expect([asked.statusCode, keys]).toEqual([200, 2]);
  expect((await ask('POST', `/api/erasures/${id}/approve`)).statusCode).toBe(403);
  expect(desk.forgets).toEqual([]);
  const leader = await desk.as('leader');
  const states = [];
  for (let time = 0; time < 2; time++) states.push((await leader('POST', `/api/erasures/${id}/approve`)).json().state);
  expect(states).toEqual(['running', 'done']);
  expect(desk.forgets.map((request) => [request.id, request.keys.map(({ keyType }) => keyType)])).toEqual([
    [id, ['person', 'phone']],
    [id, ['person', 'phone']],
  ]);
  expect(desk.forgets[0]?.keys[0]?.key).toBe(desk.person);
  expect((await leader('POST', `/api/erasures/${id}/approve`)).statusCode).toBe(404);
  const entries = (await (await desk.as('auditor'))('GET', '/api/audit?limit=500'))
    .json()
    .entries.filter(({ subject }: { subject: string }) => subject === id);
  expect(entries.map(({ kind, by }: { kind: string; by: string }) => [kind, by]).toSorted()).toEqual([
    ['erasure_approved', 'leader'],
    ['erasure_asked', 'operator'],
    ['erasure_done', 'leader'],
  ]);
  const written = JSON.stringify(entries) + desk.logged.join('');
  for (const trace of [PERSON.identity, PERSON.phone, desk.person]) expect(JSON.stringify(entries)).not.toContain(trace);
  expect(written).not.toContain(PERSON.identity);
});

test.each([
  ['/api/incidents?limit=0', 400],
  ['/api/incidents?limit=abc', 400],
  ['/api/incidents?limit=501', 400],
  ['/api/incidents?state=some', 400],
  ['/api/incidents?level=P9', 400],
  ['/api/incidents?unknown=1', 400],
  ['/api/incidents/%00', 400],
  ['/api/incidents/a%2F..%2Fb', 400],
  [`/api/incidents/${'x'.repeat(200)}`, 414],
  ['/api/incidents/13800005521', 404],
  ['/api/nothing', 404],
])('the address %s is answered with %i', async (url, status) => {
  expect((await (await desk.as('analyst'))('GET', url)).statusCode).toBe(status);
});

test('invariant 8: no line of the log and no metric has a name, a number or what someone typed into an address', async () => {
  const ask = await desk.as('analyst');
  await ask('GET', `/api/incidents/${PERSON.phone}`);
  await ask('GET', `/api/incidents?station=${PERSON.identity}&unknown=${encodeURIComponent(PERSON.name)}`);
  await desk.center.http.inject({ method: 'POST', url: '/api/session', payload: { account: PERSON.phone, password: PERSON.identity } });
  const text = desk.logged.join('') + (await desk.center.http.inject({ url: '/metrics' })).body;
  expect(text).toContain('RequestRefused');
  for (const clear of [...Object.values(PERSON), encodeURIComponent(PERSON.name)]) expect(text).not.toContain(clear);
  expect(text).not.toContain(desk.person);
});
