import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COUNTY, migrateAll, SERVICES } from '@skyeye/cluster';
import { createKafkaLog, type Log } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { freePort, removeFolder, startKafka, startPostgres, startRedis, temporaryFolder } from '@skyeye/testkit';
import { ROOT } from './county.ts';

type Entry = (typeof SERVICES)[number] | typeof COUNTY;

/** A service of ours as a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  /** Status, content type and text of one of its addresses; status 0 while it does not listen. */
  get(path: string): Promise<{ readonly status: number; readonly type: string; readonly text: string }>;
  /** Waits until it says that it takes work. @throws Error with the end of what it printed */
  ready(limitMs?: number): Promise<void>;
  /** A stop signal. Resolves with the exit code and how long the drain took. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
  readonly output: () => string;
}

/** Kafka, Redis and PostgreSQL of this machine with schemas and topics, on which services can be started one by one. */
export interface ServiceBed {
  readonly log: Log;
  start(name: Entry['name'], more?: Readonly<Record<string, string>>): ServiceProcess;
  /** Ends everything, whatever happened before. */
  end(): Promise<void>;
}

/** @param values further options by name, without the prefix SKYEYE_ */
export async function serviceBed(values: Readonly<Record<string, string>> = {}): Promise<ServiceBed> {
  const folder = temporaryFolder('services');
  const [kafka, redis, postgres] = await Promise.all([startKafka(), startRedis(), startPostgres()]);
  const urlOf = (role: string, database: string): string => {
    const url = new URL(postgres.url);
    [url.username, url.password, url.pathname] = [role, 'trial-password-0', `/${database}`];
    return url.href;
  };
  const shared = {
    databaseUrl: urlOf('ledger', 'ledger'),
    vaultWriterUrl: urlOf('vault_writer', 'vault'),
    vaultReaderUrl: urlOf('vault_reader', 'vault'),
    keyFolder: join(folder, 'keys'),
  };
  await migrateAll({
    ...shared,
    vaultOwnerUrl: urlOf('vault_owner', 'vault'),
    adminUrl: postgres.url,
    kafka: [...kafka.brokers],
    replicas: 1,
    demo: true,
    down: 0,
  });
  const ports = new Map<string, number>();
  for (const { name } of [...SERVICES, COUNTY]) ports.set(name, await freePort());
  const addressOf = (name: string): string => `http://127.0.0.1:${ports.get(name)}`;
  const all: Readonly<Record<string, string>> = {
    KAFKA: kafka.brokers.join(','),
    REDIS_URL: redis.url,
    DATABASE_URL: shared.databaseUrl,
    VAULT_WRITER_URL: shared.vaultWriterUrl,
    VAULT_READER_URL: shared.vaultReaderUrl,
    KEY_FOLDER: shared.keyFolder,
    SERVICE_KEY: 'a key of sixteen and more',
    SCORER_ORIGIN: addressOf('scorer'),
    CHECKPOINT_SECONDS: '20',
    VAPID_SUBJECT: 'mailto:operator@localhost',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    FOLDER: join(folder, 'county'),
    FIELD_URL: addressOf('field'),
    BANK_URL: addressOf('bank-gateway'),
    ...values,
  };
  const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry: silentTelemetry() });
  const children: ChildProcess[] = [];
  return {
    log,
    start(name, more = {}) {
      const entry = [...SERVICES, COUNTY].find((each) => each.name === name);
      if (entry === undefined) throw new Error(`no service ${name}`);
      const told = { ...all, ...more };
      const child = spawn(process.execPath, [join(ROOT, entry.main)], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: process.env['HOME'] ?? '',
          ...Object.fromEntries(entry.env.flatMap((key) => (told[key] === undefined ? [] : [[`SKYEYE_${key}`, told[key]]]))),
          [`SKYEYE_${entry.port}`]: String(ports.get(name)),
        },
      });
      children.push(child);
      const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      let printed = '';
      for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (part: string) => (printed += part));
      const get: ServiceProcess['get'] = async (path) => {
        const reply = await fetch(`${addressOf(name)}${path}`).catch(() => undefined);
        return { status: reply?.status ?? 0, type: reply?.headers.get('content-type') ?? '', text: (await reply?.text()) ?? '' };
      };
      return {
        name,
        get,
        async ready(limitMs = 90_000) {
          const untilMs = performance.now() + limitMs;
          while ((await get('/ready')).status !== 200) {
            if (child.exitCode !== null || performance.now() > untilMs)
              throw new Error(`${name} did not get ready (exit ${child.exitCode}): ${printed.slice(-2_000)}`);
            await sleep(100);
          }
        },
        async stop() {
          const fromMs = performance.now();
          child.kill('SIGTERM');
          return { code: await exited, tookMs: performance.now() - fromMs };
        },
        output: () => printed,
      };
    },
    async end() {
      for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await log.close();
      await Promise.all([kafka.stop(), redis.stop(), postgres.stop()]);
      removeFolder(folder);
    },
  };
}
