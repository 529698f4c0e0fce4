import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOPICS, type County } from '@skyeye/contracts';
import { AnchoredClock } from '@skyeye/foundation';
import { demoAccounts } from '@skyeye/identity';
import type { Ledger } from '@skyeye/ledger';
import { FolderCountyStore, httpFieldClient, httpHoldClient, runCounty, type RawMessage, type Scams } from '@skyeye/simulator';
import type { Log, OutgoingMessage } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import { demoSecret, tokenizer, type MasterKey } from '@skyeye/vault';
import { join } from 'node:path';
import { followContacts, type CountyNews } from './contacts.ts';

/** What the simulated county is built from. */
export interface CountyDeps {
  readonly log: Log;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly wallNowMs: () => number;
  readonly master: MasterKey;
  readonly county: County;
  readonly folder: string;
  readonly fieldUrl: string;
  readonly bankUrl: string;
  readonly seed: number;
  readonly residents: number;
  readonly speed: number;
  readonly scams: Scams;
  /** Units whose tasks are left to a person. */
  readonly humanUnits: readonly string[];
  readonly say: (line: string) => void;
}

export interface CountyApp {
  /** Resolves when the first day's import is folded and county time runs. */
  readonly ready: Promise<void>;
  /** Rejects when the county met a fault. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/** Who reads the first day's import, and by which topics it comes. */
const IMPORT_READERS = [
  { group: 'ingest-reference', topics: ['raw.reference'] },
  { group: 'scorer', topics: [TOPICS.reference.name, TOPICS.events.name] },
] as const;
const LOOK_MS = 500;
const SAID_MS = 2_000;

/** Starts the simulated county. It talks to the rest as the world does: raw records, the banks' API, the field service. */
export async function app(deps: CountyDeps): Promise<CountyApp> {
  const { log, ledger, telemetry, wallNowMs, master, county, folder, speed, humanUnits, say } = deps;
  const producer = log.producer();
  const send = async (messages: readonly RawMessage[]): Promise<void> => {
    const byTopic = Map.groupBy(messages, ({ topic }) => topic);
    await Promise.all(
      [...byTopic].map(([topic, list]) =>
        producer.send(
          topic,
          list.map(({ key, value }): OutgoingMessage => ({ key, value })),
        ),
      ),
    );
  };
  let stopping = false;
  /** Positions of the scorer are those of its last checkpoint: what is behind them is folded and will stay so. */
  const folded = async (): Promise<void> => {
    for (const { group, topics } of IMPORT_READERS) {
      for (let saidMs = 0; !stopping;) {
        const left = (await log.admin.lag(group, topics)).reduce((sum, { lag }) => sum + lag, 0);
        if (left === 0) break;
        if (wallNowMs() - saidMs >= SAID_MS) {
          saidMs = wallNowMs();
          say(`${group}: ${left} records of the first day left to fold`);
        }
        await sleep(LOOK_MS);
      }
    }
  };
  const demo = demoAccounts(county, demoSecret(master));
  const clock = new AnchoredClock({ countyMs: 0, wallMs: wallNowMs(), speed: 0 }, wallNowMs);
  let saidMs = 0;
  const running = runCounty({
    seed: deps.seed,
    residents: deps.residents,
    speed,
    scams: deps.scams,
    county,
    clock,
    wallNowMs,
    output: { send },
    banks: httpHoldClient({
      base: deps.bankUrl,
      keys: Object.fromEntries(demo.bankKeys.map(({ bank, key }) => [bank, key])),
      fetch,
      wallNowMs,
      nonce: randomUUID,
    }),
    field: httpFieldClient({ base: deps.fieldUrl, fetch }),
    fieldAccounts: demo.accounts.filter(({ unit }) => unit !== null),
    humanUnits: () => new Set(humanUnits),
    store: new FolderCountyStore(folder),
    labelsFolder: join(folder, 'labels'),
    telemetry,
    onProgress(sent, expected) {
      if (wallNowMs() - saidMs < SAID_MS && sent < expected) return;
      saidMs = wallNowMs();
      say(`register and past: ${sent} of about ${expected}`);
    },
    afterImport: folded,
  });

  /** Tokens of the people who live here, made when somebody is first spoken to. */
  let clearOf: Map<string, string> | undefined;
  const clear = (token: string | null): string | null => {
    if (token === null) return null;
    // Each is asked for once: a cache would be another 100 MB for a large county.
    const { token: make } = tokenizer(master, 1);
    clearOf ??= new Map(
      running
        .identities()
        .flatMap(({ id, phone }) => [
          [make('person', id), id] as const,
          ...(phone === null ? [] : [[make('phone', phone), phone] as const]),
        ]),
    );
    return clearOf.get(token) ?? null;
  };
  const tell = (news: CountyNews): void => {
    const of = { person: clear(news.person), phone: clear(news.phone) };
    if (news.type === 'locate') running.requestLocation(of);
    else running.contact({ ...of, how: news.how });
  };
  const humans = new Set(demo.accounts.filter(({ unit }) => unit !== null && humanUnits.includes(unit)).map(({ account }) => account));
  const endContacts = await followContacts({ ledger, humans, tell });

  return {
    ready: running.ready.then(() => telemetry.health.ready(true)),
    finished: running.finished,
    async stop() {
      stopping = true;
      telemetry.health.ready(false);
      await endContacts();
      await running.close();
      // County time stands still while nobody lives in it: clocks of the domain do not run out over a stop.
      const anchor = { countyMs: clock.nowMs(), wallMs: wallNowMs(), speed: 0 };
      await producer.send(TOPICS.clock.name, [{ key: 'county', value: JSON.stringify(anchor) }]);
      await producer.close();
    },
  };
}
