import { z } from 'zod';
import { signIn, type Me, type Role } from '@skyeye/contracts';
import type { Telemetry } from '@skyeye/telemetry';
import type { AccountStore } from '../account.ts';
import type { Passwords } from '../password.ts';
import { SESSION_ABSOLUTE_MS, type Session, type Sessions } from '../session.ts';
import { signInThrottle } from '../throttle.ts';
import { HttpProblem, problems } from './problem.ts';
import { route, who, type Route } from './route.ts';
import { logEvents, metricEntries } from './tables.ts';

export interface SessionRoutesOptions {
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly telemetry: Telemetry;
  readonly wallNowMs: () => number;
  readonly cookieName: string;
  /** True where people come over TLS: everywhere but on loopback. */
  readonly secureCookie: boolean;
  /** Who works with this service; others are told so after their password was right. */
  readonly roles: readonly Role[];
  /** Leaves an entry in the audit before the reply. */
  readonly audit: (entry: {
    readonly kind: 'signed_in' | 'signed_out' | 'sign_in_failed';
    readonly by: string;
    readonly facts: Readonly<Record<string, string>>;
  }) => Promise<void>;
  readonly me: (session: Session) => Promise<Me>;
}

const refusals = {
  wrong: () =>
    new HttpProblem({
      status: 401,
      code: 'WRONG_ACCOUNT_OR_PASSWORD',
      message: '账号或密码不正确 · account or password is wrong; try again',
    }),
  slowed: (retryAfterMs: number) =>
    new HttpProblem({
      status: 429,
      code: 'SIGN_IN_SLOWED',
      message: '尝试过多,请稍后再试 · too many attempts; wait and try again',
      retryAfterMs,
    }),
  elsewhere: () =>
    new HttpProblem({
      status: 403,
      code: 'OTHER_SERVICE',
      message: '该账号不在此系统登录 · this account belongs to the other application; sign in there',
    }),
};

/** Sign in, sign out, and who am I: the same for every service with people. */
export function sessionRoutes(options: SessionRoutesOptions): readonly Route[] {
  const { accounts, passwords, sessions, telemetry, wallNowMs, cookieName, secureCookie, roles, audit, me } = options;
  const throttle = signInThrottle(wallNowMs);
  const log = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: secureCookie } as const;

  return [
    route(
      { method: 'POST', path: '/api/session', says: 'sign in', access: 'public', perMinute: 600, audit: 'signed_in', body: signIn },
      async ({ body, request, reply }) => {
        const name = body.account.trim().toLowerCase();
        const wait = throttle.attempt(name, request.ip);
        if (wait > 0) {
          metrics.signIns.add(1, { outcome: 'slowed' });
          throw refusals.slowed(wait);
        }
        const account = await accounts.find(name);
        const matches = await passwords.verify(account?.disabled === false ? account.passwordHash : undefined, body.password);
        if (matches === 'busy') {
          throttle.outcome(name, request.ip, 'busy');
          metrics.signIns.add(1, { outcome: 'busy' });
          throw problems.tooMany(2_000);
        }
        if (!matches || account === undefined) {
          throttle.outcome(name, request.ip, 'wrong');
          metrics.signIns.add(1, { outcome: 'wrong' });
          log.SignInRefused({ requestId: request.id });
          // A name that is no account may be a password typed into the wrong field, so it is not kept.
          await audit({ kind: 'sign_in_failed', by: account?.account ?? 'unknown', facts: { service: telemetry.service } });
          throw refusals.wrong();
        }
        throttle.outcome(name, request.ip, 'right');
        if (!roles.includes(account.role)) throw refusals.elsewhere();
        // A session that the browser brought along ends here, whoever put it there.
        const brought = request.cookies[cookieName];
        if (brought !== undefined) await sessions.end(brought);
        await audit({ kind: 'signed_in', by: account.account, facts: { role: account.role, service: telemetry.service } });
        const { id, session } = await sessions.begin(account);
        metrics.signIns.add(1, { outcome: 'ok' });
        reply.setCookie(cookieName, id, { ...cookie, maxAge: SESSION_ABSOLUTE_MS / 1000 });
        return me(session);
      },
    ),
    route(
      { method: 'DELETE', path: '/api/session', says: 'sign out', access: 'public', perMinute: 60, audit: 'signed_out' },
      async ({ session, request, reply }) => {
        if (session !== null && request.sessionId !== null) {
          await sessions.end(request.sessionId);
          await audit({ kind: 'signed_out', by: session.account, facts: { service: telemetry.service } });
        }
        reply.clearCookie(cookieName, cookie);
        return undefined;
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/me',
        says: 'who is signed in, and the clock',
        access: roles,
        perMinute: 240,
        audit: null,
        query: z.object({}),
      },
      ({ session }) => me(who(session)),
    ),
  ];
}
