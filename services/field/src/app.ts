import type { FastifyInstance } from 'fastify';
import type { Me } from '@skyeye/contracts';
import { createHttp, FeedHead, LiveStreams, sessionRoutes, sessions, type Route, type Session } from '@skyeye/identity';
import { feedSeq } from '@skyeye/ledger';
import type { Context, FieldDeps } from './deps.ts';
import { routes } from './routes/index.ts';
import { CREW } from './steps.ts';
import { logEvents } from './tables.ts';
import { createView } from './view.ts';

/** Browsers share cookies between the ports of a host, so every service has its own. */
export const COOKIE = 'skyeye_field';

export interface FieldService {
  /** Not listening yet: `http.listen({ host, port })`. */
  readonly http: FastifyInstance;
  /** Every route with its row, for documents and tests. */
  readonly routes: readonly Route[];
  /** Begins to follow the feed. */
  start(): Promise<void>;
  /** Ends streams and connections. What was given stays open. */
  close(): Promise<void>;
}

/** The terminal's API, its live stream and its files, on a port of its own so that its service worker has the root. */
export async function app(deps: FieldDeps): Promise<FieldService> {
  const { telemetry, clock, wallNowMs, ledger, store, county, options } = deps;
  const keep = sessions(store, wallNowMs, deps.accounts);
  const streams = new LiveStreams({ telemetry });
  const head = new FeedHead({ read: () => feedSeq(ledger), onGrowth: () => streams.wake(), health: telemetry.health });
  const context: Context = { ...deps, sessions: keep, streams, head, viewOf: createView(deps) };
  const me = (session: Session): Promise<Me> =>
    Promise.resolve({
      account: session.account,
      name: session.name,
      role: session.role,
      unit: session.unit,
      unitName: session.unitName,
      clock: { countyMs: clock.nowMs(), wallMs: wallNowMs(), speed: clock.speed },
      version: options.version,
      county: county.name.zh,
      demo: options.demo,
      pushKey: options.pushKey,
    });
  const all: readonly Route[] = [
    ...sessionRoutes({
      accounts: deps.accounts,
      passwords: deps.passwords,
      sessions: keep,
      telemetry,
      wallNowMs,
      cookieName: COOKIE,
      secureCookie: options.secureCookie,
      roles: CREW,
      me,
      audit: ({ kind, by, facts }) =>
        ledger.tx(async ({ journal }) => journal.audit({ atMs: clock.nowMs(), by, kind, subject: by, facts })),
    }),
    ...routes(context),
  ];
  const http = await createHttp({
    telemetry,
    routes: all,
    sessions: keep,
    cookieName: COOKIE,
    hosts: options.hosts,
    webFolder: options.webFolder,
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  });
  let stopFeed = (): Promise<void> => Promise.resolve();

  return {
    http,
    routes: all,
    async start() {
      stopFeed = await ledger.onFeed(() => head.check());
      head.check();
      telemetry.health.ready(true);
      telemetry.log(logEvents).FieldServiceStarted();
    },
    async close() {
      telemetry.health.ready(false);
      await stopFeed();
      await head.drain();
      streams.close();
      await http.close();
    },
  };
}
