import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { silentTelemetry } from '@skyeye/telemetry';
import {
  ACCOUNT_CHECK_MS,
  createHttp,
  memoryAccounts,
  memoryKeys,
  passwords,
  sessionRoutes,
  sessions,
  SESSION_ABSOLUTE_MS,
  SESSION_IDLE_MS,
  type Account,
  type AccountStore,
  type Session,
} from '../index.ts';

// Cheap parameters: these tests are about the way around the hash.
const cheap = passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 });
let now = Date.UTC(2026, 8, 16);
const opened: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

const meOf = (session: Session) => ({
  account: session.account,
  name: session.name,
  role: session.role,
  unit: session.unit,
  unitName: session.unitName,
  clock: { countyMs: now, wallMs: now, speed: 1 },
  version: 'test',
  county: 'test',
  demo: true,
  pushKey: null,
});

async function start(): Promise<{ app: FastifyInstance; audited: { kind: string; by: string }[]; accounts: AccountStore }> {
  const accounts = memoryAccounts();
  const passwordHash = await cheap.hash('right');
  const account = (name: string, more: Partial<Account> = {}): Account => ({
    account: name,
    name: '值班员',
    role: 'analyst',
    unit: null,
    unitName: null,
    passwordHash,
    disabled: false,
    ...more,
  });
  await accounts.add([account('analyst'), account('gone', { disabled: true }), account('officer-1', { role: 'officer' })]);
  const audited: { kind: string; by: string }[] = [];
  const keep = sessions(
    memoryKeys(() => now),
    () => now,
    accounts,
  );
  const telemetry = silentTelemetry();
  const app = await createHttp({
    telemetry,
    sessions: keep,
    cookieName: 'skyeye_test',
    routes: sessionRoutes({
      accounts,
      passwords: cheap,
      sessions: keep,
      telemetry,
      wallNowMs: () => now,
      cookieName: 'skyeye_test',
      secureCookie: true,
      roles: ['analyst', 'leader'],
      audit: (entry) => {
        audited.push(entry);
        return Promise.resolve();
      },
      me: (session) => Promise.resolve(meOf(session)),
    }),
  });
  opened.push(app);
  return { app, audited, accounts };
}

const signIn = (app: FastifyInstance, account: string, password: string, more: object = {}) =>
  app.inject({ method: 'POST', url: '/api/session', payload: { account, password }, ...more });
const cookieOf = (reply: Awaited<ReturnType<typeof signIn>>): Record<string, string> => ({ skyeye_test: reply.cookies[0]?.value ?? '' });

test('the right password gives a cookie that scripts and other sites cannot use', async () => {
  const { app, audited } = await start();
  const reply = await signIn(app, ' Analyst ', 'right');
  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toMatchObject({ account: 'analyst', role: 'analyst' });
  expect(reply.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', secure: true, path: '/' });
  expect((await app.inject({ url: '/api/me', cookies: cookieOf(reply) })).json()).toMatchObject({ account: 'analyst' });
  expect(audited).toMatchObject([{ kind: 'signed_in', by: 'analyst' }]);
});

test('an unknown account, a wrong password and a disabled account are answered alike', async () => {
  const { app, audited } = await start();
  const bodies = [];
  for (const [account, password] of [
    ['nobody', 'right'],
    ['analyst', 'wrong'],
    ['gone', 'right'],
  ] as const) {
    const reply = await signIn(app, account, password);
    expect(reply.statusCode).toBe(401);
    expect(reply.cookies).toEqual([]);
    bodies.push({ ...reply.json(), requestId: '' });
  }
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  expect(audited.map(({ by }) => by)).toEqual(['unknown', 'analyst', 'gone']);
});

test('guessing at one account is slowed more and more, even all at once, and the right password waits too', async () => {
  const { app } = await start();
  const replies = await Promise.all(Array.from({ length: 20 }, () => signIn(app, 'analyst', 'wrong')));
  expect(replies.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
  const slowed = await signIn(app, 'analyst', 'right');
  expect([slowed.statusCode, slowed.json().code]).toEqual([429, 'SIGN_IN_SLOWED']);
  expect(Number(slowed.headers['retry-after'])).toBe(2);
  now += 2_001;
  expect((await signIn(app, 'analyst', 'wrong')).statusCode).toBe(401);
  now += 2_001;
  expect((await signIn(app, 'analyst', 'right')).statusCode).toBe(429);
  now += 60_000;
  expect((await signIn(app, 'analyst', 'right')).statusCode).toBe(200);
});

test('guessing at many accounts from one address is slowed; another address is not', async () => {
  const { app } = await start();
  for (let n = 0; n < 20; n++) await signIn(app, `someone-${n}`, 'x', { remoteAddress: '10.1.1.1' });
  expect((await signIn(app, 'analyst', 'right', { remoteAddress: '10.1.1.1' })).statusCode).toBe(429);
  expect((await signIn(app, 'analyst', 'right', { remoteAddress: '10.1.1.2' })).statusCode).toBe(200);
});

test('a whole bureau behind one address signs in at once', async () => {
  const { app } = await start();
  const replies = await Promise.all(Array.from({ length: 60 }, () => signIn(app, 'analyst', 'right', { remoteAddress: '10.1.1.3' })));
  expect(replies.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(0);
  expect((await signIn(app, 'officer-1', 'right', { remoteAddress: '10.1.1.3' })).json().code).toBe('OTHER_SERVICE');
});

test('a session that was brought along is not taken over: sign-in begins a new one and ends the old', async () => {
  const { app } = await start();
  const first = cookieOf(await signIn(app, 'analyst', 'right'));
  const second = cookieOf(await signIn(app, 'analyst', 'right', { cookies: first }));
  expect(second).not.toEqual(first);
  expect((await app.inject({ url: '/api/me', cookies: first })).statusCode).toBe(401);
  const planted = { skyeye_test: 'A'.repeat(43) };
  expect(cookieOf(await signIn(app, 'analyst', 'right', { cookies: planted }))).not.toEqual(planted);
  expect((await app.inject({ url: '/api/me', cookies: planted })).statusCode).toBe(401);
});

test('a session ends within seconds of its account being disabled', async () => {
  const { app, accounts } = await start();
  const cookies = cookieOf(await signIn(app, 'analyst', 'right'));
  expect((await app.inject({ url: '/api/me', cookies })).statusCode).toBe(200);
  await accounts.setDisabled('analyst', true);
  now += ACCOUNT_CHECK_MS;
  expect((await app.inject({ url: '/api/me', cookies })).statusCode).toBe(401);
  await accounts.setDisabled('analyst', false);
  now += ACCOUNT_CHECK_MS;
  expect((await app.inject({ url: '/api/me', cookies })).statusCode, 'an ended session stays ended').toBe(401);
});

test('sign-out ends the session everywhere', async () => {
  const { app, audited } = await start();
  const cookies = cookieOf(await signIn(app, 'analyst', 'right'));
  expect((await app.inject({ method: 'DELETE', url: '/api/session', cookies })).statusCode).toBe(204);
  expect((await app.inject({ url: '/api/me', cookies })).statusCode).toBe(401);
  expect(audited.map(({ kind }) => kind)).toEqual(['signed_in', 'signed_out']);
});

test('a session ends after eight idle hours, and after twelve hours whatever happens', async () => {
  const { app } = await start();
  const idle = cookieOf(await signIn(app, 'analyst', 'right'));
  now += SESSION_IDLE_MS;
  expect((await app.inject({ url: '/api/me', cookies: idle })).statusCode).toBe(401);
  const used = cookieOf(await signIn(app, 'analyst', 'right'));
  for (let hour = 0; hour < 11; hour++) {
    now += 3_600_000;
    expect((await app.inject({ url: '/api/me', cookies: used })).statusCode).toBe(200);
  }
  now += SESSION_ABSOLUTE_MS - 11 * 3_600_000;
  expect((await app.inject({ url: '/api/me', cookies: used })).statusCode).toBe(401);
});

test('an account of the other application is told so, only after its password was right', async () => {
  const { app } = await start();
  expect((await signIn(app, 'officer-1', 'right')).json().code).toBe('OTHER_SERVICE');
  expect((await signIn(app, 'officer-1', 'wrong')).json().code).toBe('WRONG_ACCOUNT_OR_PASSWORD');
});
