import { FeedHead, LiveStreams, peopleHttp, sessions, type PeopleHttp } from '@skyeye/identity';
import { feedSeq } from '@skyeye/ledger';
import type { Context, FieldDeps } from './deps.ts';
import { routes } from './routes/index.ts';
import { CREW } from './steps.ts';
import { logEvents } from './tables.ts';
import { createView } from './view.ts';

/** Browsers share cookies between the ports of a host, so every service has its own. */
export const COOKIE = 'skyeye_field';

export interface FieldService extends PeopleHttp {
  /** Begins to follow the feed. */
  start(): Promise<void>;
  /** Ends streams and connections. What was given stays open. */
  close(): Promise<void>;
}

/** The terminal's API, its live stream and its files, on a port of its own so that its service worker has the root. */
export async function app(deps: FieldDeps): Promise<FieldService> {
  const { telemetry, wallNowMs, ledger, store, options } = deps;
  const keep = sessions(store, wallNowMs, deps.accounts);
  const streams = new LiveStreams({ telemetry });
  const head = new FeedHead({ read: () => feedSeq(ledger), onGrowth: () => streams.wake(), health: telemetry.health });
  const context: Context = { ...deps, sessions: keep, streams, head, viewOf: createView(deps) };
  const people = await peopleHttp(deps, {
    sessions: keep,
    cookieName: COOKIE,
    roles: CREW,
    pushKey: options.pushKey,
    options,
    routes: routes(context),
  });
  let stopFeed = (): Promise<void> => Promise.resolve();

  return {
    ...people,
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
      await people.http.close();
    },
  };
}
