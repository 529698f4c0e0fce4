import type { Incident, IncidentDetail, IncidentList } from '@skyeye/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCluster, signIn, waitFor, type Desk, type RunningCluster } from './running-cluster.ts';

const ARGS = ['--residents', '400', '--speed', '30', '--scams', 'dense', '--checkpoint-seconds', '3'];
let cluster: RunningCluster;
let desk: Desk;
const incidents = async (): Promise<IncidentList['incidents']> => (await desk.get<IncidentList>('/api/incidents')).incidents;

beforeAll(async () => {
  cluster = await runCluster({ args: ARGS, readyMs: 180_000 });
  desk = await signIn(cluster, 'analyst');
}, 200_000);
afterAll(() => cluster?.end(), 60_000);

test('the start prints the three addresses and the accounts', () => {
  expect(cluster.output()).toMatch(/console +http:[^]*field app +http:[^]*bank gateway +http:[^]*analyst +\w/);
  // Passwords are for the terminal and the accounts file, addresses with secrets for nobody.
  expect(cluster.output()).not.toMatch(/postgres:\/\/|redis:\/\/:/);
});

test('a person who is being swindled is on the console, the payment held at the bank, and signed for', { timeout: 380_000 }, async () => {
  const urgent = await waitFor(async () => (await incidents()).find(({ level }) => level === 'P1'), 240_000, 'a P1 incident');
  expect(urgent.why.zh).not.toBe('');
  const sign = async (): Promise<Incident | undefined> => {
    const incident = await desk.get<IncidentDetail>(`/api/incidents/${urgent.id}`);
    if (incident.signedBy !== null) return incident;
    try {
      await desk.post(`/api/incidents/${urgent.id}/sign`, { version: incident.version });
    } catch (error) {
      // Another event came in between: the act is refused for its version, and made again on the new one.
      if (!String(error).includes('409')) throw error;
    }
    return undefined;
  };
  expect((await waitFor(sign, 20_000, 'the signature')).signedBy).toBe('analyst');
  const held = await waitFor(async () => (await incidents()).find(({ hold }) => hold !== null), 90_000, 'a hold');
  expect(held.hold).not.toBeNull();
});

test('a stop signal drains every process, and the start exits with 0', { timeout: 60_000 }, async () => {
  expect(await cluster.stop()).toBe(0);
});
