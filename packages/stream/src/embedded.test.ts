import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { errorTable } from '@skyeye/foundation';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmbeddedLog, type EmbeddedLogOptions } from './adapters/embedded.ts';
import { until } from './log.conformance.ts';
import type { ConsumerOptions, Log } from './port.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/child.ts');
const telemetry = silentTelemetry();
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skyeye-log-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

const open = (more: Partial<EmbeddedLogOptions> = {}) => createEmbeddedLog({ folder, telemetry, ...more });

const reads = (group: string, into: string[]): ConsumerOptions => ({
  group,
  topics: ['t'],
  from: 'committed',
  onBatch: async (batch) => void into.push(...batch.messages.map((m) => Buffer.from(m.value).toString())),
  onPoison: (_poisoned, error) => Promise.reject(error),
});

/** Runs the fixture as a process and gathers its lines. */
function runChild(role: string): { child: ChildProcess; lines: string[] } {
  const child = spawn(process.execPath, [FIXTURE, JSON.stringify({ role, folder, topic: 't', group: 'g' })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: string[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return { child, lines };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

async function withLog<T>(work: (log: Log) => Promise<T>, more: Partial<EmbeddedLogOptions> = {}): Promise<T> {
  const log = open(more);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

test('invariant 1: what a producer was told is durable is there after kill −9, in order and once', { timeout: 60_000 }, async () => {
  await withLog((log) => log.createTopics([{ name: 't', partitions: 4 }]));
  const { child, lines } = runChild('produce');
  await until(() => lines.length > 300);
  await kill(child);
  const acknowledged = lines.filter((line) => /^\d+$/.test(line)).length;
  const seen: string[] = [];
  await withLog(async (log) => {
    const end = (await log.admin.endOffsets('t')).reduce((sum, { offset }) => sum + offset, 0);
    // At most the one send that was under way.
    expect(end - acknowledged).toBeGreaterThanOrEqual(0);
    expect(end - acknowledged).toBeLessThanOrEqual(1);
    await log.consumer(reads('other', seen));
    await until(() => seen.length === end);
  });
  expect(seen.map(Number).sort((a, b) => a - b)).toEqual(seen.map((_, i) => i));
});

test('invariant 3: a consumer killed −9 at any moment misses nothing; the next one takes over at once', { timeout: 60_000 }, async () => {
  await withLog(async (log) => {
    await log.createTopics([{ name: 't', partitions: 2 }]);
    await log.producer().send(
      't',
      Array.from({ length: 3_000 }, (_, i) => ({ key: `k${i}`, value: String(i) })),
    );
  });
  const { child, lines } = runChild('consume');
  await until(() => lines.length > 200);
  await kill(child);
  const seen: string[] = [];
  await withLog(async (log) => {
    const startedMs = performance.now();
    const consumer = await log.consumer(reads('g', seen));
    await until(() => seen.length > 0);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    await until(() => new Set([...lines, ...seen]).size === 3_000);
    await consumer.close();
    expect((await log.admin.lag('g', ['t'])).every(({ lag }) => lag === 0)).toBe(true);
  });
  // Redelivered is at most what was delivered but not committed: a batch, and what the pipe did not hand on.
  expect(lines.length + seen.length).toBeLessThan(3_000 + 100);
});

test('a second process on the folder is refused, a kill −9 of the first releases it', { timeout: 60_000 }, async () => {
  const log = open();
  const refused = runChild('hold');
  await until(() => refused.lines.length === 1);
  expect(refused.lines).toEqual(['failed STREAM_FOLDER_IN_USE']);
  await log.close();
  const first = runChild('hold');
  await until(() => first.lines.length === 1);
  expect(first.lines).toEqual(['open']);
  expect(() => open()).toThrow('another process is using the data folder');
  await kill(first.child);
  await open().close();
});

test('threads of one process write and read the same log at once, each key in order', { timeout: 60_000 }, async () => {
  await withLog(async (log) => {
    await log.createTopics([{ name: 't', partitions: 4 }]);
    const start = (data: object): { worker: Worker; lines: string[] } => {
      const worker = new Worker(FIXTURE, { workerData: { folder, topic: 't', group: 'g', ...data }, execArgv: [] });
      const lines: string[] = [];
      worker.on('message', (line: string) => void lines.push(line));
      return { worker, lines };
    };
    const consumer = start({ role: 'consume' });
    const producers = [0, 1].map((i) => start({ role: 'produce', from: i * 10_000, count: 300 }));
    const own = log.producer();
    for (let i = 0; i < 300; i++) await own.send('t', [{ key: 'main', value: String(20_000 + i) }]);
    const mine: string[] = [];
    const here = await log.consumer(reads('g', mine));
    await until(() => new Set([...mine, ...consumer.lines]).size === 900);
    expect(mine.length + consumer.lines.length).toBe(900);
    for (const lines of [mine, consumer.lines]) {
      for (let key = 0; key < 16; key++) {
        const ofKey = lines.map(Number).filter((n) => n < 10_000 && n % 16 === key);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
    }
    await here.close();
    consumer.worker.postMessage('close');
    await new Promise((resolve) => consumer.worker.once('exit', resolve));
    for (const { worker } of producers) await worker.terminate();
  });
});

test('a tailing consumer sees a message within milliseconds of its commit', async () => {
  await withLog(async (log) => {
    await log.createTopics([{ name: 't', partitions: 4 }]);
    const tookMs: number[] = [];
    await log.consumer({
      ...reads('g', []),
      onBatch: async (batch) => void tookMs.push(...batch.messages.map((m) => performance.now() - Number(Buffer.from(m.value).toString()))),
    });
    await sleep(100);
    const producer = log.producer();
    for (let i = 0; i < 100; i++) {
      await producer.send('t', [{ key: String(i), value: String(performance.now()) }]);
      await sleep(3);
    }
    await until(() => tookMs.length === 100);
    // Far below the 200 ms of the polling fallback, which is what a broken notice would show.
    expect(tookMs.sort((a, b) => a - b)[50]).toBeLessThan(80);
  });
});

test('a full disk refuses with handling retry, harms nothing, and lets go when space returns', { timeout: 60_000 }, async () => {
  const limits = { fileBytesMax: 4 * 1024 * 1024, retentionBytesPerPartition: 100_000 };
  const log = open(limits);
  await log.createTopics([{ name: 't', partitions: 1 }]);
  const seen: string[] = [];
  const producer = log.producer();
  const value = 'x'.repeat(100_000);
  let sent = 0;
  const fill = async (): Promise<void> => {
    for (;;) {
      await producer.send('t', [{ key: 'k', value }]);
      sent++;
    }
  };
  // A group that has read nothing holds every message back from retention.
  const slow = await log.consumer({ ...reads('slow', []), onBatch: async () => ({ taken: 0 }) });
  await until(() => slow.assignment().length === 1);
  await expect(fill()).rejects.toMatchObject({ code: 'STREAM_DISK_FULL', handling: 'retry' });
  expect(await log.sweep()).toBe(0);
  await slow.close();
  const quick = await log.consumer(reads('slow', seen));
  await until(() => seen.length === sent);
  await quick.close();
  expect(await log.sweep()).toBeGreaterThan(20);
  await producer.send('t', [{ key: 'k', value: 'fits again' }]);
  await log.close();
  await withLog(
    async (again) => expect(await again.admin.endOffsets('t')).toEqual([{ topic: 't', partition: 0, offset: sent + 1 }]),
    limits,
  );
});

test('retention by age removes what every group has read, and a late group begins at the oldest kept', async () => {
  let nowMs = 1_000_000;
  const log = open({ retentionMs: 1_000, wallNowMs: () => nowMs });
  await log.createTopics([{ name: 't', partitions: 1 }]);
  const producer = log.producer();
  for (let i = 0; i < 10; i++) await producer.send('t', [{ key: 'k', value: String(i), timestampMs: 5 }]);
  const seen: string[] = [];
  const first = await log.consumer(reads('g', seen));
  await until(() => seen.length === 10);
  await first.close();
  expect(await log.sweep()).toBe(0);
  nowMs += 2_000;
  await producer.send('t', [{ key: 'k', value: 'new' }]);
  expect(await log.sweep()).toBe(10);
  const late: string[] = [];
  const second = await log.consumer(reads('late', late));
  await until(() => late.length === 1);
  await second.close();
  expect(late).toEqual(['new']);
  expect(await log.admin.lag('never', ['t'])).toEqual([{ topic: 't', partition: 0, committed: null, end: 11, lag: 1 }]);
  await log.close();
});

test('a partition that keeps failing pauses and shows as degraded, the others go on, and it recovers', { timeout: 60_000 }, async () => {
  const away = errorTable('TEST', { away: { handling: 'retry', message: 'the store is away' } });
  const own = silentTelemetry();
  const log = open({ telemetry: own });
  await log.createTopics([{ name: 't', partitions: 2 }]);
  await log.producer().send(
    't',
    Array.from({ length: 40 }, (_, i) => ({ key: `k${i}`, value: String(i) })),
  );
  let broken = true;
  const seen: number[] = [];
  const consumer = await log.consumer({
    ...reads('g', []),
    onBatch: async (batch) => {
      if (broken && batch.partition === 1) throw away.away();
      seen.push(...batch.messages.map(() => batch.partition));
    },
  });
  await until(() => own.health.state === 'degraded');
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(1);
  broken = false;
  await until(() => seen.length === 40);
  await until(() => own.health.state === 'ok');
  await consumer.close();
  await log.close();
});

test('a folder of another version, a damaged file and a path that is no folder are refused with their names', async () => {
  await open().close();
  const db = new DatabaseSync(join(folder, 'log.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => open()).toThrow('the data folder was written by another version');
  for (const file of ['log.db', 'log.db-wal', 'log.db-shm']) rmSync(join(folder, file), { force: true });
  writeFileSync(join(folder, 'log.db'), 'this is no database, but it is long enough to be taken for one'.repeat(400));
  expect(() => open()).toThrow('the file of the log is damaged');
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => open({ folder: join(file, 'inside') })).toThrow('the data folder cannot be written');
  // None of the refusals kept the lock.
  rmSync(join(folder, 'log.db'));
  await open().close();
});
