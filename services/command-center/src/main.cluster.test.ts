import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { incidentList, TOPICS } from '@skyeye/contracts';
import { openDatabase } from '@skyeye/ledger';
import { createKafkaLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { available, freePort, startKafka, startPostgres, startRedis } from '@skyeye/testkit';

const missing = (['kafka', 'redis', 'postgres'] as const).filter((name) => !available(name).ok);

/** Starts a service's main; resolves with what it printed when `/ready` answers. */
async function start(main: string, args: readonly string[], port: number): Promise<{ child: ChildProcess; printed: () => string }> {
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
  return { child, printed: () => printed };
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
      const admin = openDatabase({ url: postgres.url });
      for (const role of ['ledger', 'vault_owner', 'vault_writer', 'vault_reader'])
        await admin.query(`create role ${role} login password 'trial'`);
      await admin.query('create database ledger owner ledger');
      await admin.query('create database vault owner vault_owner');
      await admin.query('revoke all on database vault from public');
      await admin.close();
      const urlOf = (role: string, database: string): string => {
        const url = new URL(postgres.url);
        [url.username, url.password, url.pathname] = [role, 'trial', `/${database}`];
        return url.href;
      };
      const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'test', telemetry: silentTelemetry() });
      await log.createTopics(
        [TOPICS.quarantine, TOPICS.sourceStatus, TOPICS.feedback, TOPICS.clock].map(({ name, partitions }) => ({ name, partitions })),
      );
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
        urlOf('ledger', 'ledger'),
        '--vault-reader-url',
        urlOf('vault_reader', 'vault'),
        '--redis-url',
        redis.url,
        '--key-folder',
        join(folder, 'keys'),
        '--demo',
        '--log-level',
        'warn',
      ];
      const vault = ['--migrate', '--vault-owner-url', urlOf('vault_owner', 'vault'), '--vault-writer-url', urlOf('vault_writer', 'vault')];
      const center = await start('main.ts', [...shared, ...vault, '--port', String(consolePort)], consolePort);
      children.push(center.child);
      const field = await start('../../field/src/main.ts', [...shared, '--port', String(fieldPort)], fieldPort);
      children.push(field.child);

      const passwordOf = (account: string): string => new RegExp(`\\t${account}\\t(\\S+)`).exec(center.printed())?.[1] ?? '';
      const signIn = async (port: number, account: string): Promise<string> => {
        const reply = await fetch(`http://127.0.0.1:${port}/api/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ account, password: passwordOf(account) }),
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
