import type { Incident, IncidentDetail, IncidentList } from '@skyeye/contracts';
import { demoSecret, loadOrCreateMasterKey } from '@skyeye/vault';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partnerBank } from '../lib/partner-bank.ts';
import { tour, TOUR_COUNTY } from '../lib/tour.ts';
import { runCluster, signIn, waitFor, type RunningCluster } from './running-cluster.ts';

/** The tour of the standalone county on real Kafka, Redis and PostgreSQL, every service a process of its own: one start for all. */
const { seed, residents, speed } = TOUR_COUNTY;
const COUNTY = ['--residents', String(residents), '--seed', String(seed), '--speed', String(speed), '--scams', 'dense'];
let cluster: RunningCluster;

beforeAll(async () => {
  cluster = await runCluster({ args: [...COUNTY, '--checkpoint-seconds', '3'], readyMs: 180_000 });
}, 200_000);
afterAll(() => cluster?.end(), 60_000);

test('the start prints the three addresses and the accounts', () => {
  expect(cluster.output()).toMatch(/console +http:[^]*field app +http:[^]*bank gateway +http:[^]*analyst +\w/);
  // Passwords are for the terminal and the accounts file, addresses with secrets for nobody.
  expect(cluster.output()).not.toMatch(/postgres:\/\/|redis:\/\/:/);
});

tour({
  name: 'Kafka, Redis and PostgreSQL',
  pictures: 'e2e-cluster',
  async open() {
    const { console, field, bank: base, folder } = cluster;
    const secret = demoSecret(await loadOrCreateMasterKey(join(folder, 'keys')));
    return {
      console,
      field,
      password: (account) => cluster.password(account),
      bank: await partnerBank({ folder, base, seed, residents, secret }),
    };
  },
});

test('a person who is being swindled is on the console, the payment held at the bank, and signed for', { timeout: 380_000 }, async () => {
  const desk = await signIn(cluster, 'analyst');
  const incidents = async (): Promise<IncidentList['incidents']> => (await desk.get<IncidentList>('/api/incidents')).incidents;
  // Not one that a simulated station was quicker to sign; the dispatch of the tour was a signature too.
  const isOurs = ({ level, signedBy }: Incident): boolean => level === 'P1' && (signedBy === null || signedBy === 'analyst');
  const urgent = await waitFor(async () => (await incidents()).find(isOurs), 240_000, 'a P1 incident');
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
