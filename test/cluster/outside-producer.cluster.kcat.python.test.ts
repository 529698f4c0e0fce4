import type { IncidentList } from '@skyeye/contracts';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCluster, signIn, waitFor, type Desk, type RunningCluster } from './running-cluster.ts';

const run = promisify(execFile);

/** Writes raw records of one person to raw.* topics: Python and kcat, nothing of ours. */
const outside = async (cluster: RunningCluster, number: number, what: 'reference' | 'scam'): Promise<void> =>
  void (await run('python3', [join(import.meta.dirname, 'outside-producer.py'), cluster.brokers, String(number), what], {
    timeout: 120_000,
  }));

const ARGS = ['--without-simulator', '--demo-accounts', '--checkpoint-seconds', '3'];
let cluster: RunningCluster;
let desk: Desk;
const incidents = async (): Promise<IncidentList['incidents']> => (await desk.get<IncidentList>('/api/incidents')).incidents;
/** Waits until so many people are on the console, and says what there is instead when they do not come. */
const people = async (count: number, ms: number, when: string): Promise<IncidentList['incidents']> => {
  const look = async (): Promise<IncidentList['incidents'] | undefined> => {
    const all = await incidents();
    return all.length >= count ? all : undefined;
  };
  try {
    return await waitFor(look, ms, `the alert ${when}`);
  } catch (error) {
    const there = (await incidents()).map(({ id, level, scam, subject }) => ({ id, level, scam, subject }));
    throw new Error(`${String(error)}; there is ${JSON.stringify(there)}`, { cause: error });
  }
};

beforeAll(async () => {
  cluster = await runCluster({ args: ARGS, readyMs: 150_000 });
  desk = await signIn(cluster, 'analyst');
  for (const number of [11, 22, 33]) await outside(cluster, number, 'reference');
}, 200_000);
afterAll(() => cluster?.end(), 60_000);

test('raw records of a producer that is not ours become an alert on the console', { timeout: 90_000 }, async () => {
  await sleep(4_000);
  await outside(cluster, 11, 'scam');
  const [incident] = await people(1, 60_000, 'of the first');
  expect(['P1', 'P2', 'P3']).toContain(incident?.level);
  expect(incident?.why.zh).not.toBe('');
});

test('invariant 3: kill −9 of the scorer and of the broker loses no alert and doubles none', { timeout: 150_000 }, async () => {
  await outside(cluster, 22, 'scam');
  cluster.kill('scorer');
  await people(2, 60_000, 'after the kill of the scorer');
  cluster.kill('kafka');
  await sleep(1_000);
  // kcat waits until the broker is back.
  await outside(cluster, 33, 'scam');
  await people(3, 60_000, 'after the kill of the broker');
  // Whatever was scored twice has come out by now.
  await sleep(5_000);
  const all = await incidents();
  expect(all).toHaveLength(3);
  expect(new Set(all.map(({ subject }) => subject.person)).size).toBe(3);
  expect(all.filter(({ level }) => level === 'P4')).toEqual([]);
  expect(cluster.output()).toMatch(/scorer ended \(SIGKILL\)[^]*kafka ended \(SIGKILL\)/);
});

test('a stop drains everything, and the same folder goes on where it was', { timeout: 200_000 }, async () => {
  const known = (await incidents()).map(({ id }) => id).toSorted();
  expect(await cluster.stop()).toBe(0);
  cluster = await runCluster({ args: ARGS, readyMs: 150_000, folder: cluster.folder });
  desk = await signIn(cluster, 'analyst');
  expect((await incidents()).map(({ id }) => id).toSorted()).toEqual(known);
});
