import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { migrateAll } from '@skyeye/cluster';
import { incidentList, TOPICS } from '@skyeye/contracts';
import { demoPassword } from '@skyeye/identity';
import { createKafkaLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { available, freePort, startKafka, startPostgres, startRedis } from '@skyeye/testkit';
import { demoSecret, loadOrCreateMasterKey } from '@skyeye/vault';

const missing = (['kafka', 'redis', 'postgres'] as const).filter((name) => !available(name).ok);

/** Starts a service's main; resolves when `/ready` answers. */
async function start(main: string, args: readonly string[], port: number): Promise<{ child: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(main, import.meta.url)), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (printed += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (printed += part));
  await expect
    .poll(
      async () => {
        if (child.exitCode !== null) throw new Error(`exit ${child.exitCode}: ${printed.slice(-2_000)}`);
        return (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined))?.status;
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(200);
  return { child };
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

test.skipIf(missing.length > 0)(
  'both services run on Kafka, Redis and PostgreSQL, and a stop signal drains them',
  { timeout: 180_000 },
  async () => {
    const [kafka, redis, postgres, folder] = await Promise.all([
      startKafka(),
      startRedis(),
      startPostgres(),
      mkdtemp(join(tmpdir(), 'skyeye-cluster-')),
    ]);
    const children: ChildProcess[] = [];
    try {
      const urlOf = (role: string, database: string): string => {
        const url = new URL(postgres.url);
        [url.username, url.password, url.pathname] = [role, 'trial-password-0', `/${database}`];
        return url.href;
      };
      const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry: silentTelemetry() });
      const databaseUrl = urlOf('ledger', 'ledger');
      const vaultReaderUrl = urlOf('vault_reader', 'vault');
      const keyFolder = join(folder, 'keys');
      await migrateAll({
        databaseUrl,
        vaultOwnerUrl: urlOf('vault_owner', 'vault'),
        vaultWriterUrl: urlOf('vault_writer', 'vault'),
        vaultReaderUrl,
        keyFolder,
        adminUrl: postgres.url,
        kafka: [...kafka.brokers],
        replicas: 1,
        demo: true,
        down: 0,
      });
      const producer = log.producer();
      await producer.send(TOPICS.sourceStatus.name, [
        {
          key: 'call',
          value: JSON.stringify({
            stream: 'call',
            atMs: 1,
            accepted: 7,
            normalised: 14,
            duplicate: 0,
            quarantined: 0,
            lastEventMs: 1,
            delayMsP50: 5,
            perMinute: 2,
            lag: 0,
          }),
        },
      ]);
      await producer.send(TOPICS.clock.name, [
        { key: 'county', value: JSON.stringify({ countyMs: 1_789_000_000_000, wallMs: Date.now(), speed: 0 }) },
      ]);

      const [consolePort, fieldPort] = [await freePort(), await freePort()];
      const shared = [
        '--kafka',
        kafka.brokers.join(','),
        '--database-url',
        databaseUrl,
        '--vault-reader-url',
        vaultReaderUrl,
        '--redis-url',
        redis.url,
        '--key-folder',
        keyFolder,
        '--demo',
        '--log-level',
        'warn',
      ];
      const scorer = ['--service-key', 'a key of sixteen and more', '--scorer-origin', 'http://127.0.0.1:1'];
      const center = await start('main.ts', [...shared, ...scorer, '--port', String(consolePort)], consolePort);
      children.push(center.child);
      const field = await start('../../field/src/main.ts', [...shared, '--port', String(fieldPort)], fieldPort);
      children.push(field.child);

      const secret = demoSecret(await loadOrCreateMasterKey(keyFolder));
      const signIn = async (port: number, account: string): Promise<string> => {
        const reply = await fetch(`http://127.0.0.1:${port}/api/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ account, password: demoPassword(secret, account) }),
        });
        expect(reply.status).toBe(200);
        return reply.headers.get('set-cookie')?.split(';')[0] ?? '';
      };
      const cookie = await signIn(consolePort, 'analyst');
      const ask = async (path: string): Promise<unknown> =>
        (await fetch(`http://127.0.0.1:${consolePort}${path}`, { headers: { cookie } })).json();
      expect(incidentList.parse(await ask('/api/incidents')).incidents).toEqual([]);
      expect(await ask('/api/me')).toMatchObject({ clock: { countyMs: 1_789_000_000_000, speed: 0 } });
      await expect
        .poll(
          async () =>
            ((await ask('/api/sources')) as { sources: { stream: string; accepted: number }[] }).sources.find(
              ({ stream }) => stream === 'call',
            )?.accepted,
          { timeout: 20_000 },
        )
        .toBe(7);
      const terminal = await signIn(fieldPort, 'officer-c0101');
      expect(await (await fetch(`http://127.0.0.1:${fieldPort}/api/tasks`, { headers: { cookie: terminal } })).json()).toMatchObject({
        tasks: [],
      });

      await producer.close();
      await log.close();
      expect([await stop(center.child), await stop(field.child)]).toEqual([0, 0]);
    } finally {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      await Promise.all([kafka.stop(), redis.stop(), postgres.stop()]);
      await rm(folder, { recursive: true, force: true });
    }
  },
);
