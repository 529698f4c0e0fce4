import { ALL_TOPICS, SOURCES, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog, type Log, type OutgoingMessage } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PartitionAccounts } from './accounts.ts';

const T = Date.UTC(2026, 8, 16, 1);
const KILLS = 20;
const RECORDS = 2_400;
const CHILD = join(import.meta.dirname, 'fixtures/child.ts');
let folder: string;

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'skyeye-ingest-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const phone = (index: number): string => `139${String(10_000_000 + (index % 90))}`;
const cdr = (index: number) => ({
  id: `c${index}`,
  t: T + index * 1000,
  caller: phone(index),
  callee: phone(index * 7 + 1),
  answered: true,
  dur_s: 60,
  caller_kind: 'mobile',
  callee_kind: 'mobile',
});
const transfer = (index: number) => ({
  id: `b${index}`,
  t: T + index * 1000,
  acct: `62170000000000${index % 50}`,
  ev: 'transfer',
  dir: 'out',
  peer: `62220000000000${index % 70}`,
  amt: 100 + index,
  st: 'ok',
});

interface Planned {
  readonly messages: OutgoingMessage[];
  /** Records by their first and only kept body. */
  readonly distinct: { id: string; t: number }[];
  duplicate: number;
  quarantined: number;
}

/** One in five comes again somewhere, one in eleven cannot be taken, one in thirteen uses an id with another body. */
function plan(make: (index: number) => { id: string; t: number }): Planned {
  const planned: Planned = { messages: [], distinct: [], duplicate: 0, quarantined: 0 };
  for (let index = 0; index < RECORDS; index++) {
    const record = make(index);
    const key = `k${index % 17}`;
    const value = JSON.stringify(record);
    planned.messages.push({ key, value });
    planned.distinct.push(record);
    if (index % 5 === 0) {
      planned.messages.push({ key: `other${index % 3}`, value });
      planned.duplicate++;
    }
    if (index % 11 === 0) planned.messages.push({ key, value: value.slice(0, 30) });
    if (index % 13 === 0) planned.messages.push({ key, value: JSON.stringify({ ...record, t: record.t + 1 }) });
    if (index % 11 === 0) planned.quarantined++;
    if (index % 13 === 0) planned.quarantined++;
  }
  return planned;
}

const open = (): Log => createEmbeddedLog({ folder: join(folder, 'log'), telemetry: silentTelemetry() });

/** Runs ingest; kills it `afterMs` after it is up, or lets it end when undefined. */
async function run(afterMs?: number): Promise<{ killed: boolean; failure: string }> {
  const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  let failure = '';
  child.stderr.on('data', (data: Buffer) => (failure += data.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'up' || afterMs === undefined) continue;
    await sleep(afterMs);
    child.kill('SIGKILL');
  }
  const [, signal] = (await exit) as [number | null, string | null];
  return { killed: signal === 'SIGKILL', failure };
}

async function readAll(log: Log, topic: string): Promise<string[]> {
  const values: string[] = [];
  const end = (await log.admin.endOffsets(topic)).reduce((sum, { offset }) => sum + offset, 0);
  const consumer = await log.consumer({
    group: 'test',
    topics: [topic],
    from: 'earliest',
    onBatch: async ({ messages }) => void values.push(...messages.map(({ value }) => Buffer.from(value).toString())),
    onPoison: (_poisoned, error) => Promise.reject(error instanceof Error ? error : new Error('poison')),
  });
  while (values.length < end) await sleep(5);
  await consumer.close();
  return values;
}

test(
  'invariant 1: after kill −9 at 20 random moments every record is normalised once, a duplicate or in quarantine, and the accounts add up',
  { timeout: 120_000 },
  async () => {
    const plans = { call: plan(cdr), bank: plan(transfer) } satisfies Partial<Record<StreamName, Planned>>;
    const log = open();
    await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
    const producer = log.producer();
    for (const [stream, { messages }] of Object.entries(plans)) await producer.send(`raw.${stream}`, messages);
    await log.close();

    let kills = 0;
    const seed = Math.floor(Math.random() * 2 ** 31);
    let state = seed;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let attempt = 0; attempt < KILLS; attempt++) {
      const { killed, failure } = await run(random() * 90);
      expect(failure, `seed ${seed}`).toBe('');
      if (killed) kills++;
    }
    expect(kills, `seed ${seed}`).toBe(KILLS);
    expect(await run()).toEqual({ killed: false, failure: '' });

    const store = createMemoryStore({ folder: join(folder, 'store'), telemetry: silentTelemetry() });
    const after = open();
    const events = new Map<string, string>();
    for (const value of await readAll(after, 'events')) {
      const { id } = JSON.parse(value) as StreamEvent;
      expect(events.get(id) ?? value, `seed ${seed}: the same id with another event`).toBe(value);
      events.set(id, value);
    }
    const quarantined = new Set((await readAll(after, 'quarantine')).map((value) => (JSON.parse(value) as { id: string }).id));
    let refused = 0;
    for (const [stream, planned] of Object.entries(plans)) {
      const parts = await Promise.all(
        [0, 1].map(
          async (partition) => JSON.parse((await store.get(`ingest/accounts/raw.${stream}/${partition}`)) ?? '{}') as PartitionAccounts,
        ),
      );
      const sum = (of: 'accepted' | 'normalised' | 'duplicate' | 'quarantined'): number =>
        parts.reduce((total, part) => total + part[of], 0);
      expect(
        { accepted: sum('accepted'), normalised: sum('normalised'), duplicate: sum('duplicate'), quarantined: sum('quarantined') },
        `${stream}, seed ${seed}`,
      ).toEqual({
        accepted: planned.messages.length,
        normalised: planned.distinct.length,
        duplicate: planned.duplicate,
        quarantined: planned.quarantined,
      });
      for (const record of planned.distinct)
        for (const { id } of SOURCES[stream as StreamName].normalise(record as never))
          expect(events.has(id), `${id}, seed ${seed}`).toBe(true);
      refused += planned.quarantined;
    }
    expect(quarantined.size).toBe(refused);
    await store.close();
    await after.close();
  },
);

test('a record over the limit of a message is refused to its producer, and nothing of it is in the log', async () => {
  const log = open();
  await log.createTopics([{ name: 'raw.call', partitions: 2 }]);
  const large = { key: 'k', value: JSON.stringify({ ...cdr(1), caller_cell: 'x'.repeat(10_000_000) }) };
  await expect(log.producer().send('raw.call', [{ key: 'k', value: JSON.stringify(cdr(2)) }, large])).rejects.toMatchObject({
    code: 'STREAM_MESSAGE_TOO_LARGE',
  });
  expect((await log.admin.endOffsets('raw.call')).map(({ offset }) => offset)).toEqual([0, 0]);
  await log.close();
});
