import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@skyeye/ledger';
import { lockFolder } from '@skyeye/stream';
import { embeddedVault } from '@skyeye/vault';
import { errors } from '../errors.ts';
import { migrateAll } from '../migrate.ts';
import { openKept } from './kept.ts';
import { Managed } from './managed.ts';
import { Pids } from './pids.ts';
import { checkPorts, freePort, saysReady } from './ports.ts';
import { checkServers, kafkaServer, redisServer, type Common } from './servers.ts';
import { COUNTY, SERVICES, type ServiceEntry, type ServiceName } from './services.ts';

export interface ClusterOptions {
  /** The repository. */
  readonly root: string;
  readonly folder: string;
  readonly host: string;
  readonly ports: { readonly console: number; readonly field: number; readonly bank: number };
  readonly seed: number;
  readonly residents: number;
  readonly speed: number;
  readonly scams: 'realistic' | 'dense';
  readonly simulator: boolean;
  /** Accounts of a demonstration. */
  readonly demo: boolean;
  readonly checkpointSeconds: number;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  readonly say: (line: string) => void;
  /** Ends a start that is under way. */
  readonly interrupt: AbortSignal;
}

export interface Cluster {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly keyFolder: string;
  /** Process id of a part now: `kafka`, `redis`, `scorer`, … */
  pid(name: string): number | undefined;
  /** Rejects when a part cannot be kept running. */
  readonly failed: Promise<never>;
  /** Stops everything it started, by pid, in the reverse order. */
  stop(): Promise<void>;
}

const FOLLOW_PARENT = 'scripts/setup/follow-parent.mjs';
const SERVICE_READY_MS = 90_000;
/** The first day's import of a county of 200,000 takes long; a small one half a minute. */
const COUNTY_READY_MS = 3_600_000;
/** A service drains within 10 s. */
const SERVICE_STOP_MS = 15_000;
const MAX_OLD_SPACE: Readonly<Record<string, number>> = { scorer: 8192, county: 4096 };

/**
 * Servers and services of the cluster profile as child processes on one machine, each kept running. Run again on the
 * same folder it goes on where it was; what a killed start left behind is ended first.
 * @throws CLUSTER_*, STREAM_FOLDER_IN_USE, LEDGER_*: what was started by then has been stopped
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { root, folder, ports, say } = options;
  await checkServers(root);
  const lock = lockFolder(folder);
  const pids = new Pids(folder);
  const started: Managed[] = [];
  let postgres: EmbeddedPostgres | undefined;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  options.interrupt.addEventListener('abort', () => failure.reject(errors.interrupted()), { once: true });
  const stop = async (): Promise<void> => {
    // The county first, then people's services, the engine, and the servers last.
    const services = started.filter(({ name }) => name !== 'kafka' && name !== 'redis');
    await services.find(({ name }) => name === COUNTY.name)?.stop();
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all(started.map((server) => server.stop()));
    await postgres?.stop();
    lock.release();
  };
  try {
    const orphans = await pids.endOrphans();
    if (orphans.length > 0) say(`ended what an earlier start left behind: ${orphans.join(', ')}`);
    await checkPorts(options.host, [ports.console, ports.field, ports.bank]);
    const kept = openKept(folder, options);
    const common: Common = {
      root,
      folder,
      pids,
      onRestart: (name, how) => say(`${name} ended (${how}); it is started again`),
      onGivenUp: failure.reject,
    };
    const run = async (managed: Managed): Promise<void> => {
      started.push(managed);
      await Promise.race([managed.start(), failure.promise]);
    };
    say('servers: PostgreSQL, Redis, Kafka');
    const [database, redis, kafka] = await Promise.all([
      startEmbeddedPostgres({ folder: join(folder, 'database') }).then((server) => (postgres = server)),
      redisServer(common, kept),
      kafkaServer(common, kept),
    ]);
    database.failed.catch((error: unknown) => failure.reject(error));
    await Promise.all([run(redis.server), run(kafka.server)]);
    const vault = await embeddedVault((name, role) => database.createDatabase(name, role));
    const keyFolder = join(folder, 'keys');
    say('schemas and topics');
    await migrateAll({
      databaseUrl: database.ledgerUrl,
      vaultOwnerUrl: vault.ownerUrl,
      vaultWriterUrl: vault.writerUrl,
      vaultReaderUrl: vault.readerUrl,
      keyFolder,
      adminUrl: undefined,
      kafka: [...kafka.brokers],
      replicas: 1,
      demo: options.demo,
      down: 0,
    });
    const portOf: Record<ServiceName, number> = {
      scorer: await freePort(),
      ingest: await freePort(),
      dispatcher: await freePort(),
      'bank-gateway': ports.bank,
      'command-center': ports.console,
      field: ports.field,
    };
    const shared: Readonly<Record<string, string>> = {
      KAFKA: kafka.brokers.join(','),
      REDIS_URL: redis.url,
      DATABASE_URL: database.ledgerUrl,
      VAULT_WRITER_URL: vault.writerUrl,
      VAULT_READER_URL: vault.readerUrl,
      KEY_FOLDER: keyFolder,
      SERVICE_KEY: kept.serviceKey,
      SCORER_ORIGIN: `http://127.0.0.1:${portOf.scorer}`,
      CHECKPOINT_SECONDS: String(options.checkpointSeconds),
      VAPID_SUBJECT: 'mailto:operator@localhost',
      VAPID_PUBLIC_KEY: kept.vapidPublicKey,
      VAPID_PRIVATE_KEY: kept.vapidPrivateKey,
      HOST: options.host,
      LOG_LEVEL: options.logLevel,
      FOLDER: join(folder, 'county'),
      FIELD_URL: `http://127.0.0.1:${ports.field}`,
      BANK_URL: `http://127.0.0.1:${ports.bank}`,
      SEED: String(kept.seed),
      RESIDENTS: String(kept.residents),
      SPEED: String(options.speed),
      SCAMS: options.scams,
    };
    const serviceOf = (entry: ServiceEntry, port: number, readyMsMax: number): Managed =>
      new Managed({
        ...common,
        name: entry.name,
        command: process.execPath,
        args: [
          // It follows us: a start that is killed without warning leaves no service behind.
          '--import',
          pathToFileURL(join(root, FOLLOW_PARENT)).href,
          '--disable-warning=TimeoutNegativeWarning',
          `--max-old-space-size=${MAX_OLD_SPACE[entry.name] ?? 1024}`,
          join(root, entry.main),
        ],
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          ...environmentOf(entry, { ...shared, WEB: join(root, `services/${entry.name}/web/dist`) }),
          SKYEYE_PARENT_PID: String(process.pid),
          [`SKYEYE_${entry.port}`]: String(port),
          ...(entry.demo === true && options.demo ? { SKYEYE_DEMO: '1' } : {}),
        },
        cwd: root,
        isReady: () => saysReady(port),
        readyMsMax,
        stopMsMax: SERVICE_STOP_MS,
      });
    say(`services: ${SERVICES.map(({ name }) => name).join(', ')}`);
    await Promise.all(SERVICES.map((entry) => run(serviceOf(entry, portOf[entry.name], SERVICE_READY_MS))));
    if (options.simulator) {
      say('simulated county');
      const stopTelling = tellLines(join(folder, 'log', 'county.log'), say);
      try {
        await run(serviceOf(COUNTY, await freePort(), COUNTY_READY_MS));
      } finally {
        stopTelling();
      }
    }
    return {
      brokers: kafka.brokers,
      databaseUrl: database.ledgerUrl,
      keyFolder,
      pid: (name) => started.find((managed) => managed.name === name)?.pid,
      failed: failure.promise,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The part of an environment that a process gets. */
export function environmentOf(entry: ServiceEntry, all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(entry.env.flatMap((name) => (all[name] === undefined ? [] : [[`SKYEYE_${name}`, all[name]]])));
}

/** Passes on the plain lines (no JSON) that a process writes from now on: progress of a long step. */
function tellLines(path: string, say: (line: string) => void): () => void {
  let at = existsSync(path) ? statSync(path).size : 0;
  let ended = false;
  const follow = async (): Promise<void> => {
    while (!ended) {
      await sleep(1_000);
      if (!existsSync(path)) continue;
      let text = '';
      for await (const chunk of createReadStream(path, { start: at, encoding: 'utf8' })) text += String(chunk);
      const end = text.lastIndexOf('\n') + 1;
      at += Buffer.byteLength(text.slice(0, end));
      for (const line of text.slice(0, end).split('\n'))
        if (line !== '' && !line.startsWith('{') && !line.startsWith(' ')) say(`  ${line}`);
    }
  };
  // Progress is a comfort: when it cannot be read, the start goes on without.
  follow().catch(() => undefined);
  return () => {
    ended = true;
  };
}
