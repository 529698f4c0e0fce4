import type { FastifyInstance } from 'fastify';
import type { County, Role } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { Ledger } from '@skyeye/ledger';
import type { Telemetry } from '@skyeye/telemetry';
import type { AccountStore } from '../account.ts';
import type { Passwords } from '../password.ts';
import type { ExpiringKeys, Sessions } from '../session.ts';
import type { Route } from './route.ts';
import { createHttp } from './server.ts';
import { sessionRoutes } from './session-routes.ts';

/** County time with its speed, for the clock that screens show. */
export interface CountyClock extends Clock {
  readonly speed: number;
}

/** What a service that people sign in to is given; it opens and closes none of it. */
export interface PeopleDeps {
  readonly telemetry: Telemetry;
  readonly clock: CountyClock;
  readonly wallNowMs: () => number;
  readonly ledger: Ledger;
  readonly store: ExpiringKeys;
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly county: County;
}

export interface PeopleOptions {
  /** Host names that are answered; null for all. */
  readonly hosts: readonly string[] | null;
  readonly secureCookie: boolean;
  readonly trustProxy?: readonly string[];
  readonly demo: boolean;
  readonly version: string;
  /** Folder of the built web application; null for an API without it. */
  readonly webFolder: string | null;
}

export interface PeopleHttp {
  /** Not listening yet: `http.listen({ host, port })`. */
  readonly http: FastifyInstance;
  /** Every route with its row, for documents and tests. */
  readonly routes: readonly Route[];
}

/** The HTTP side of a service with people: signing in and out with an entry in the audit, who am I, and its own routes. */
export async function peopleHttp(
  { telemetry, clock, wallNowMs, ledger, accounts, passwords, county }: PeopleDeps,
  {
    sessions,
    cookieName,
    roles,
    pushKey,
    options,
    routes,
  }: {
    readonly sessions: Sessions;
    readonly cookieName: string;
    /** Who works with this service. */
    readonly roles: readonly Role[];
    /** Public key for Web Push; null where the service pushes nothing. */
    readonly pushKey: string | null;
    readonly options: PeopleOptions;
    readonly routes: readonly Route[];
  },
): Promise<PeopleHttp> {
  const { hosts, secureCookie, trustProxy, demo, version, webFolder } = options;
  const all: readonly Route[] = [
    ...sessionRoutes({
      accounts,
      passwords,
      sessions,
      telemetry,
      wallNowMs,
      cookieName,
      secureCookie,
      roles,
      me: ({ account, name, role, unit, unitName }) =>
        Promise.resolve({
          account,
          name,
          role,
          unit,
          unitName,
          clock: { countyMs: clock.nowMs(), wallMs: wallNowMs(), speed: clock.speed },
          version,
          county: county.name.zh,
          demo,
          pushKey,
        }),
      audit: ({ kind, by, facts }) =>
        ledger.tx(async ({ journal }) => journal.audit({ atMs: clock.nowMs(), by, kind, subject: by, facts })),
    }),
    ...routes,
  ];
  const http = await createHttp({
    telemetry,
    routes: all,
    sessions,
    cookieName,
    hosts,
    webFolder,
    ...(trustProxy === undefined ? {} : { trustProxy }),
  });
  return { http, routes: all };
}
