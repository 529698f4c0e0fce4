import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ROLES, type Role } from '@skyeye/contracts';
import { silentTelemetry } from '@skyeye/telemetry';
import { createHttp, LOOPBACK_HOSTS, memoryAccounts, memoryKeys, route, routeTable, sessions, type Account, type Route } from '../index.ts';

const opened: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

const accounts = memoryAccounts();
const keep = sessions(memoryKeys(Date.now), Date.now, accounts);
const accountOf = (role: Exclude<Role, 'bank'>): Account => ({
  account: role,
  name: role,
  role,
  unit: null,
  unitName: null,
  passwordHash: '',
  disabled: false,
});

const body = z.strictObject({ amountFen: z.int().min(0).max(1e12), kind: z.enum(['a', 'b']) });
const routes: readonly Route[] = [
  route(
    { method: 'POST', path: '/api/things', says: 'adds', access: ['analyst'], perMinute: 1_000, audit: 'added', body },
    ({ body: thing }) => thing,
  ),
  route(
    {
      method: 'GET',
      path: '/api/things/:id',
      says: 'one',
      access: ['analyst', 'auditor'],
      perMinute: 5,
      audit: null,
      params: z.object({ id: z.string().max(8) }),
    },
    ({ params }) => params,
  ),
  route({ method: 'GET', path: '/api/open', says: 'open', access: 'public', perMinute: 100, audit: null }, () => ({ open: true })),
];

async function start(options: Partial<Parameters<typeof createHttp>[0]> = {}): Promise<FastifyInstance> {
  const app = await createHttp({ telemetry: silentTelemetry(), routes, sessions: keep, cookieName: 'test', ...options });
  opened.push(app);
  return app;
}
const cookieOf = async (role: Exclude<Role, 'bank'>): Promise<Record<string, string>> => {
  await accounts.add([accountOf(role)]);
  return { test: (await keep.begin(accountOf(role))).id };
};

test('every route refuses every role that its row does not name, and everybody without a session', async () => {
  const app = await start();
  for (const { method, path, access } of routeTable(routes)) {
    const url = path.replace(':id', 'x1');
    const payload = method === 'POST' ? { amountFen: 1, kind: 'a' } : undefined;
    const without = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    expect(without.statusCode, `${method} ${path} without a session`).toBe(access === 'public' ? 200 : 401);
    for (const role of ROLES) {
      if (role === 'bank') continue;
      const reply = await app.inject({ method, url, cookies: await cookieOf(role), ...(payload === undefined ? {} : { payload }) });
      expect(reply.statusCode, `${method} ${path} as ${role}`).toBe(
        access === 'public' || (typeof access !== 'string' && access.includes(role)) ? 200 : 403,
      );
    }
  }
});

test('a route that is not in the table cannot be registered, and one twice neither', async () => {
  const app = await start();
  expect(() => app.get('/secret', () => 'x')).toThrow('without a row');
  const [first] = routes;
  await expect(
    createHttp({ telemetry: silentTelemetry(), routes: first === undefined ? [] : [first, first], sessions: null, cookieName: 'x' }),
  ).rejects.toThrow('same method and path');
});

const json = { 'content-type': 'application/json' };
test.each<[string, { payload: string | Buffer; headers?: Record<string, string> }, number, string]>([
  ['not JSON', { payload: 'hello', headers: json }, 400, 'BAD_JSON'],
  ['an empty body', { payload: '', headers: json }, 400, 'BAD_JSON'],
  ['no content type', { payload: '{}', headers: {} }, 415, 'NOT_JSON'],
  ['a form', { payload: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'NOT_JSON'],
  ['a wrong type', { payload: '{"amountFen":"1","kind":"a"}', headers: json }, 400, 'INVALID'],
  ['NaN', { payload: '{"amountFen":NaN,"kind":"a"}', headers: json }, 400, 'BAD_JSON'],
  ['1e309', { payload: '{"amountFen":1e309,"kind":"a"}', headers: json }, 400, 'INVALID'],
  ['a negative amount', { payload: '{"amountFen":-1,"kind":"a"}', headers: json }, 400, 'INVALID'],
  ['an unknown enum', { payload: '{"amountFen":1,"kind":"c"}', headers: json }, 400, 'INVALID'],
  ['an unknown field', { payload: '{"amountFen":1,"kind":"a","x":1}', headers: json }, 400, 'INVALID'],
  ['a missing field', { payload: '{"kind":"a"}', headers: json }, 400, 'INVALID'],
  ['__proto__', { payload: '{"__proto__":{"x":1},"amountFen":1,"kind":"a"}', headers: json }, 400, 'BAD_JSON'],
  ['constructor', { payload: '{"constructor":{"prototype":1},"amountFen":1,"kind":"a"}', headers: json }, 400, 'BAD_JSON'],
  ['deep nesting', { payload: `${'['.repeat(5_000)}${']'.repeat(5_000)}`, headers: json }, 400, 'TOO_DEEP'],
  ['invalid UTF-8', { payload: Buffer.from('{"amountFen":1,"kind":"\xff"}', 'latin1'), headers: json }, 400, 'BAD_JSON'],
  ['10 MB', { payload: Buffer.alloc(10_000_000, 32), headers: json }, 413, 'TOO_LARGE'],
  ['a null', { payload: 'null', headers: json }, 400, 'INVALID'],
])('a body with %s is refused with a problem', async (_says, request, status, code) => {
  const app = await start();
  const reply = await app.inject({ method: 'POST', url: '/api/things', cookies: await cookieOf('analyst'), ...request });
  expect([reply.statusCode, reply.json().code]).toEqual([status, code]);
  expect(reply.json().message).toMatch(/nothing was changed/);
  if (code === 'INVALID') expect(reply.json().message).toMatch(/^填写内容不符合要求/);
});

test('a page of another site cannot send with the cookie of ours', async () => {
  const app = await start();
  const send = async (headers: Record<string, string>): Promise<number> =>
    (
      await app.inject({
        method: 'POST',
        url: '/api/things',
        cookies: await cookieOf('analyst'),
        payload: { amountFen: 1, kind: 'a' },
        headers: { host: '127.0.0.1:20001', ...headers },
      })
    ).statusCode;
  expect(await send({ origin: 'http://127.0.0.1:20001' })).toBe(200);
  expect(await send({ origin: 'http://127.0.0.1:20002' })).toBe(403);
  expect(await send({ origin: 'https://evil.example' })).toBe(403);
  expect(await send({ origin: 'null' })).toBe(403);
  expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403);
});

test('a name of another host that points here is not answered', async () => {
  const app = await start({ hosts: LOOPBACK_HOSTS });
  expect((await app.inject({ url: '/api/open', headers: { host: 'evil.example' } })).statusCode).toBe(421);
  expect((await app.inject({ url: '/api/open', headers: { host: 'localhost:20001' } })).statusCode).toBe(200);
});

test('past its rate a route answers 429 and says when to come back; other people are not held up', async () => {
  const app = await start();
  const [one, other] = [await cookieOf('analyst'), await cookieOf('auditor')];
  const codes: number[] = [];
  for (let n = 0; n < 7; n++) codes.push((await app.inject({ url: '/api/things/1', cookies: one })).statusCode);
  expect(codes).toEqual([200, 200, 200, 200, 200, 429, 429]);
  const refused = await app.inject({ url: '/api/things/1', cookies: one });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json().code).toBe('TOO_MANY');
  expect((await app.inject({ url: '/api/things/1', cookies: other })).statusCode).toBe(200);
});

test('replies carry the headers that keep other pages out, refusals too', async () => {
  const app = await start();
  for (const url of ['/api/open', '/nowhere', '/api/things/1']) {
    const { headers } = await app.inject({ url });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'self'");
  }
});

test('metrics are for this machine and the operator', async () => {
  const app = await start();
  expect((await app.inject({ url: '/metrics' })).statusCode).toBe(200);
  expect((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.9' })).statusCode).toBe(401);
  expect((await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '10.0.0.9' } })).statusCode).toBe(401);
  expect((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.9', cookies: await cookieOf('analyst') })).statusCode).toBe(403);
  expect((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.9', cookies: await cookieOf('operator') })).body).toContain(
    'http_requests_total',
  );
});

test('5,000 connections that never send are closed, and people are served meanwhile', async () => {
  const app = await start({ limits: { headersMs: 1_500, checkEveryMs: 200 } });
  await app.listen({ host: '127.0.0.1', port: 0, backlog: 8_192 });
  const { port } = app.server.address() as AddressInfo;
  let open = 0;
  const sockets: Socket[] = [];
  for (let wave = 0; wave < 20; wave++) {
    await Promise.all(
      Array.from(
        { length: 250 },
        () =>
          new Promise<void>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => {
              open++;
              resolve();
            });
            socket.on('error', () => undefined);
            socket.on('close', () => open--);
            socket.resume();
            sockets.push(socket);
          }),
      ),
    );
  }
  expect((await fetch(`http://127.0.0.1:${port}/api/open`)).status).toBe(200);
  await expect.poll(() => open, { timeout: 15_000 }).toBe(0);
  for (const socket of sockets) socket.destroy();
});
