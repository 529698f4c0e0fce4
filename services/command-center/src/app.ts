import { feedSeq } from '@skyeye/ledger';
import { createGeo } from '@skyeye/geo';
import { FeedHead, LiveStreams, peopleHttp, sessions, type PeopleHttp } from '@skyeye/identity';
import type { Consumer } from '@skyeye/stream';
import type { CommandCenterDeps, Context } from './deps.ts';
import { FeedbackFollower } from './feedback.ts';
import { modelsPublisher } from './models.ts';
import { routes } from './routes/index.ts';
import { adoptReleasedRules, rulesPublisher } from './rules.ts';
import { consumeStatus } from './status-consumer.ts';
import { logEvents } from './tables.ts';
import { createViews } from './views.ts';

/** Browsers share cookies between the ports of a host, so every service has its own. */
export const COOKIE = 'skyeye_console';

export interface CommandCenter extends PeopleHttp {
  /** Begins to follow the feed and the status topics. */
  start(): Promise<void>;
  /** Rejects when a consumer stopped by itself. */
  readonly failed: Promise<never>;
  /** Ends streams, consumers and connections. What was given stays open. */
  close(): Promise<void>;
}

/** The command centre: the API of the console, its live stream and its files. */
export async function app(deps: CommandCenterDeps): Promise<CommandCenter> {
  const { telemetry, clock, wallNowMs, ledger, store, county, options, log } = deps;
  const geo = createGeo(county);
  const keep = sessions(store, wallNowMs, deps.accounts);
  const streams = new LiveStreams({ telemetry });
  const feedback = new FeedbackFollower({ ledger, store, log, telemetry });
  const head = new FeedHead({
    read: () => feedSeq(ledger),
    onGrowth: () => {
      streams.wake();
      feedback.wake();
    },
    health: telemetry.health,
  });
  const rules = rulesPublisher(deps);
  const models = modelsPublisher(deps);
  const context: Context = {
    ...deps,
    geo,
    sessions: keep,
    streams,
    head,
    rules,
    models,
    views: createViews({ ledger, vault: deps.vault, geo, clock }),
  };
  const people = await peopleHttp(deps, {
    sessions: keep,
    cookieName: COOKIE,
    roles: ['analyst', 'leader', 'station', 'operator', 'auditor'],
    pushKey: null,
    options,
    routes: routes(context),
  });

  let stopFeed = (): Promise<void> => Promise.resolve();
  let consumer: Consumer | undefined;
  let fail = (_error: unknown): void => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever composes looks at it; one that does not must not crash by it.
  failed.catch(() => undefined);

  return {
    ...people,
    failed,
    async start() {
      stopFeed = await ledger.onFeed(() => {
        head.check();
        feedback.retry();
      });
      head.check();
      await adoptReleasedRules(ledger, clock.nowMs());
      await rules.start();
      await models.start();
      consumer = await consumeStatus({ log, ledger, telemetry, group: options.group ?? 'command-center' });
      consumer.finished.catch(fail);
      telemetry.health.ready(true);
      telemetry.log(logEvents).CommandCenterStarted();
    },
    async close() {
      telemetry.health.ready(false);
      await stopFeed();
      await rules.close();
      await models.close();
      await head.drain();
      streams.close();
      await people.http.close();
      await consumer?.close();
      await feedback.drain();
    },
  };
}
