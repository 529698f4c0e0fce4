import { ALL_TOPICS, type Assessment } from '@skyeye/contracts';
import { createEmbeddedLog, type Log } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scoringOf, svcCase } from './testing/case.ts';
import { readTopic } from './testing/read-topic.ts';

/** A command sets more before a release. */
const KILLS = Number(process.env['SKYEYE_KILLS'] ?? 20);
const CHILD = join(import.meta.dirname, 'fixtures/child.ts');
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'skyeye-scorer-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Log => createEmbeddedLog({ folder: join(folder, 'log'), telemetry: silentTelemetry() });

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

test(
  'invariants 2 and 3: a scorer that is killed −9 again and again says what one that never fell says: nothing lost, nothing different',
  { timeout: 60_000 + KILLS * 6_000 },
  async () => {
    const events = svcCase();
    const wanted = await scoringOf().fold(events);
    const log = open();
    await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
    // One key: order holds within a partition, and between partitions nothing is promised.
    await log.producer().send(
      'events',
      events.map((event) => ({ key: 'V', value: JSON.stringify(event) })),
    );
    await log.close();

    let kills = 0;
    for (let attempt = 0; attempt < KILLS; attempt++) {
      const { killed, failure } = await run(Math.random() * 120);
      expect(failure).toBe('');
      if (killed) kills++;
    }
    expect(kills).toBeGreaterThan(KILLS / 4);
    expect(await run()).toEqual({ killed: false, failure: '' });

    const after = open();
    const said = new Map<string, Assessment>();
    for (const made of (await readTopic(after, 'assessments')).map((value) => JSON.parse(value) as Assessment)) {
      const known = said.get(made.id);
      if (known !== undefined) expect(made, `${made.id} was said again, differently`).toEqual(known);
      said.set(made.id, made);
    }
    expect([...said.keys()].sort()).toEqual(wanted.map(({ id }) => id).sort());
    for (const made of wanted) expect(said.get(made.id)).toEqual(JSON.parse(JSON.stringify({ ...made, ingestedAtMs: null })));
    await after.close();
  },
);
