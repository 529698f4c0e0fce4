import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldMessage, fieldTask, fieldTaskList, me, ROLES, type FieldMessage, type FieldTask } from '@skyeye/contracts';
import { addNote, getIncident, listAudit, tasksOf } from '@skyeye/ledger';
import { routeTable } from '@skyeye/identity';
import { PERSON, startTerminal, T0, type Terminal } from './testing/terminal.ts';

const OFFICER = 'officer-c0101';
const GRID = 'grid-g01011';
let terminal: Terminal;
let web = '';
let incidentId = '';

beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), 'skyeye-web-'));
  await mkdir(join(web, 'assets'));
  await writeFile(join(web, 'index.html'), '<!doctype html><title>现场</title>');
  await writeFile(join(web, 'sw.js'), 'self.skipWaiting()');
  await writeFile(join(web, 'assets', 'index-DkX81Lm2.js'), 'export {}');
  await writeFile(join(web, '.secret'), 'x');
  terminal = await startTerminal({ webFolder: web });
  incidentId = await terminal.alert('a1');
});
afterAll(async () => {
  await terminal.end();
  await rm(web, { recursive: true });
});

const step = (clientId: string, change: object = {}): object => ({ clientId, atMs: T0, ...change });
const taskOf = async (account: string): Promise<FieldTask> => {
  const { tasks } = fieldTaskList.parse((await (await terminal.as(account))('GET', '/api/tasks')).json());
  const [task] = tasks;
  if (task === undefined) throw new Error(`${account} has no task`);
  return task;
};
const form = (clientId: string, change: object = {}): object => ({
  clientId,
  result: 'stopped_before',
  metWho: 'self',
  meeting: 'face',
  transferred: false,
  filledMs: T0,
  ...change,
});

test('every route refuses every role that its row does not name, and everybody without a session', async () => {
  const accounts: Readonly<Record<string, string>> = { officer: OFFICER, team: 'team-rt01', grid: GRID, station: 'station-st01' };
  const askers = new Map(
    await Promise.all(Object.entries(accounts).map(async ([role, account]) => [role, await terminal.as(account)] as const)),
  );
  for (const row of routeTable(terminal.service.routes)) {
    if (row.path === '/api/session') continue;
    const url = row.path.replace(':id', 'nothing');
    const payload = row.method === 'POST' ? {} : undefined;
    expect(
      (await terminal.service.http.inject({ method: row.method, url, ...(payload === undefined ? {} : { payload }) })).statusCode,
      `${row.method} ${row.path}`,
    ).toBe(401);
    for (const [role, ask] of askers) {
      // A stream that is allowed does not end by itself; a test below reads it.
      if (row.path === '/api/stream' && typeof row.access !== 'string') continue;
      const { statusCode } = await ask(row.method, url, payload);
      const allowed = typeof row.access !== 'string' && ROLES.some((name) => name === role && row.access.includes(name));
      if (allowed) expect(statusCode, `${row.method} ${row.path} as ${role}`).not.toBe(403);
      else expect(statusCode, `${row.method} ${row.path} as ${role}`).toBe(403);
    }
  }
  for (const account of ['analyst', 'leader', 'operator', 'auditor'])
    expect((await (await terminal.as(account))('GET', '/api/tasks')).statusCode).toBe(401);
});

test('every file of a route is listed', async () => {
  const files = (await readdir(new URL('routes/', import.meta.url), { recursive: true })).filter((name) => /\/[a-z-]+\.ts$/.test(name));
  expect(terminal.service.routes).toHaveLength(files.length + 3);
});

test('an officer sees the person masked, and after accepting in clear with a trace', async () => {
  const ask = await terminal.as(OFFICER);
  expect(me.parse((await ask('GET', '/api/me')).json())).toMatchObject({ role: 'officer', unit: 'C0101', pushKey: 'key' });
  const before = await taskOf(OFFICER);
  expect(before).toMatchObject({ name: '王*兰', phone: '138****5521', address: null, state: 'sent', scam: 'svc' });
  expect(before.talkTrack.openers).toHaveLength(3);
  const accepted = fieldTask.parse((await ask('POST', `/api/tasks/${before.id}/accept`, step('accept-0001'))).json());
  expect(accepted).toMatchObject({ state: 'accepted', assignee: OFFICER, name: PERSON.name, phone: PERSON.phone, address: PERSON.address });
  await ask('GET', '/api/tasks');
  const reveals = (await listAudit(terminal.ledger)).filter(({ kind }) => kind === 'identifier_revealed');
  expect(reveals).toHaveLength(1);
  expect(reveals[0]).toMatchObject({ by: OFFICER, facts: { purpose: '接单后上门劝阻' } });
});

test('invariant 8: a grid worker gets no account, no call, no reason and no score', async () => {
  const { body } = await (await terminal.as(GRID))('GET', '/api/tasks');
  const task = await taskOf(GRID);
  expect(task).toMatchObject({ tier: 'grid', why: null, live: null, position: null, kin: [] });
  expect(task.gridTask).not.toBe('');
  for (const hidden of ['0.9731', '通话31分钟', PERSON.acct, PERSON.phone, PERSON.name, 'a_']) expect(body).not.toContain(hidden);
});

test('a unit sees and changes its own tasks only', async () => {
  const own = await taskOf(OFFICER);
  const other = await terminal.as('officer-c0205');
  expect((await other('GET', '/api/tasks')).json().tasks).toEqual([]);
  expect((await other('POST', `/api/tasks/${own.id}/arrive`, step('arrive-other'))).statusCode).toBe(404);
  expect((await other('POST', '/api/tasks/nothing/arrive', step('arrive-other'))).statusCode).toBe(404);
});

test('a step that is sent again changes nothing; its id with another body is a conflict', async () => {
  const ask = await terminal.as(OFFICER);
  const { id } = await taskOf(OFFICER);
  const first = await ask('POST', `/api/tasks/${id}/arrive`, step('arrive-0001'));
  const { version } = await getIncident(terminal.ledger, incidentId);
  const again = await Promise.all(Array.from({ length: 5 }, () => ask('POST', `/api/tasks/${id}/arrive`, step('arrive-0001'))));
  for (const reply of again) expect([reply.statusCode, reply.json()]).toEqual([200, first.json()]);
  expect((await getIncident(terminal.ledger, incidentId)).version).toBe(version);
  const conflict = await ask('POST', `/api/tasks/${id}/arrive`, step('arrive-0001', { atMs: T0 + 1 }));
  expect([conflict.statusCode, conflict.json().code, conflict.json().task.state]).toEqual([409, 'LEDGER_ID_REUSED', 'arrived']);
  const back = await ask('POST', `/api/tasks/${id}/accept`, step('accept-0002'));
  expect([back.statusCode, back.json().code]).toEqual([409, 'RESPONSE_TASK_STEP_NOT_ALLOWED']);
});

test('invariant 4: the officer asks for a stop payment, and no order comes of it', async () => {
  const { id } = await taskOf(OFFICER);
  expect((await (await terminal.as(OFFICER))('POST', `/api/tasks/${id}/request-stop`, step('stop-00001'))).statusCode).toBe(200);
  expect((await (await terminal.as(GRID))('POST', `/api/tasks/${id}/request-stop`, step('stop-00002'))).statusCode).toBe(403);
  expect((await listAudit(terminal.ledger)).filter(({ kind }) => kind === 'hold_asked')).toHaveLength(1);
  expect(await terminal.ledger.query('select 1 from holds')).toEqual([]);
});

test.each<[string, object | string, number]>([
  ['no id of the sending', { atMs: T0 }, 400],
  ['a short id of the sending', step('x'), 400],
  ['a negative time', step('arrive-bad1', { atMs: -1 }), 400],
  ['an unknown field', step('arrive-bad1', { extra: 1 }), 400],
  ['a place that is no number', step('arrive-bad1', { lon: 'east' }), 400],
  ['a list', [], 400],
])('a step with %s is refused', async (_says, payload, status) => {
  const { id } = await taskOf(OFFICER);
  expect((await (await terminal.as(OFFICER))('POST', `/api/tasks/${id}/meet`, payload as object)).statusCode).toBe(status);
});

test('a form is checked: a false alarm needs its cause, a loss its amount', async () => {
  const ask = await terminal.as(OFFICER);
  const { id } = await taskOf(OFFICER);
  for (const change of [
    { result: 'false_alarm' },
    { result: 'lost' },
    { result: 'fine' },
    { transferredFen: -5 },
    { notes: 'x'.repeat(501) },
  ]) {
    const reply = await ask('POST', `/api/tasks/${id}/report`, form('report-bad1', change));
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'INVALID']);
  }
});

test('a terminal that comes back sees every change of its tasks once, and then the report ends the visit', async () => {
  const ask = await terminal.as(OFFICER);
  const { id } = await taskOf(OFFICER);
  const start = (await ask('GET', '/api/tasks')).json().feedSeq as number;
  await ask('POST', `/api/tasks/${id}/meet`, step('meet-00001'));
  await addNote(terminal.ledger, { incidentId, actor: { account: 'analyst', unit: null }, nowMs: T0, text: '其子已在路上' });
  const first = await read(OFFICER, start, 1);
  expect(first.at(-1)).toMatchObject({ type: 'task', task: { id, state: 'met' } });
  const reported = await ask('POST', `/api/tasks/${id}/report`, form('report-001'));
  expect(reported.json()).toMatchObject({ state: 'resulted', name: '王*兰', address: null });
  const rest = await read(OFFICER, first.at(-1)?.seq ?? 0, 1);
  expect(rest.at(-1)).toMatchObject({ task: { state: 'resulted' } });
  expect((await ask('POST', `/api/tasks/${id}/report`, form('report-001'))).statusCode).toBe(200);
  expect((await getIncident(terminal.ledger, incidentId)).result).toBe('stopped_before');
  expect((await tasksOf(terminal.ledger, [incidentId])).find((task) => task.id === id)?.report).toMatchObject({ clientId: 'report-001' });
});

test('an address that is pushed to must be public and secure', async () => {
  const ask = await terminal.as(OFFICER);
  const add = async (endpoint: string): Promise<number> =>
    (await ask('POST', '/api/push-subscriptions', { endpoint, keys: { p256dh: 'a', auth: 'b' } })).statusCode;
  expect(await add('https://push.example.com/abc')).toBe(204);
  expect(await add('https://push.example.com/abc')).toBe(204);
  for (const bad of ['http://push.example.com/a', 'https://127.0.0.1/a', 'https://localhost/a', 'https://[::1]/a', 'nothing'])
    expect(await add(bad)).toBe(400);
});

test('the app is served: hashed files for a year, its page for every address, the service worker at the root', async () => {
  const file = (url: string) => terminal.service.http.inject({ url });
  expect((await file('/assets/index-DkX81Lm2.js')).headers['cache-control']).toContain('immutable');
  for (const url of ['/', '/tasks/some']) {
    const page = await file(url);
    expect([page.statusCode, page.headers['cache-control'], page.headers['content-type']]).toEqual([
      200,
      'no-cache',
      'text/html; charset=utf-8',
    ]);
  }
  expect((await file('/sw.js')).headers['cache-control']).toBe('no-cache');
  for (const url of ['/missing.js', '/api/unknown', '/.secret', '/..%2f..%2fetc%2fpasswd.txt', '/assets/../../package.json'])
    expect((await file(url)).statusCode, url).toBe(404);
});

function read(account: string, after: number, count: number): Promise<readonly FieldMessage[]> {
  return terminal.cookieOf(account).then(
    (cookie) =>
      new Promise((resolve, reject) => {
        let text = '';
        const request = get(`${terminal.base}/api/stream`, { headers: { cookie, 'last-event-id': String(after) } }, (response) => {
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            text += part;
            const messages = [...text.matchAll(/^data: (.*)\n\n/gm)]
              .map(([, data]) => fieldMessage.parse(JSON.parse(data ?? '')))
              .filter(({ type }) => type === 'task');
            if (messages.length < count) return;
            request.destroy();
            resolve(messages);
          });
        });
        request.on('error', (error) => {
          if (!request.destroyed) reject(error);
        });
      }),
  );
}
