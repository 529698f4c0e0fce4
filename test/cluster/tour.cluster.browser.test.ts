import type { Incident, IncidentDetail, IncidentList } from '@skyeye/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  open: () => Promise.resolve(cluster),
});

test('whoever signs for an incident has it: the act is refused on a stale version, and made again', { timeout: 120_000 }, async () => {
  const desk = await signIn(cluster, 'analyst');
  // Of the weak ones too: simulated stations sign for what is urgent within a county minute or four.
  const isUnsigned = ({ signedMs, closedMs }: Incident): boolean => signedMs === null && closedMs === null;
  const mine = await waitFor(
    async () => {
      const { incidents } = await desk.get<IncidentList>('/api/incidents');
      for (const { id, version } of incidents.filter(isUnsigned)) {
        try {
          return await desk.post<Incident>(`/api/incidents/${id}/sign`, { version });
        } catch (error) {
          // Somebody or something was faster: the next one, or this one again on its new version.
          if (!String(error).includes('409')) throw error;
        }
      }
      return undefined;
    },
    90_000,
    'an incident to sign for',
  );
  expect(mine.signedBy).toBe('analyst');
  const { number, signedBy, actions } = await desk.get<IncidentDetail>(`/api/incidents/${mine.id}`);
  expect(signedBy).toBe('analyst');
  expect(actions.some(({ kind, by }) => kind === 'signed' && by === 'analyst')).toBe(true);
  expect(number).toMatch(/^20260916-\d{4}$/);
});

test('every incident is numbered by county time, from the first on', async () => {
  const desk = await signIn(cluster, 'analyst');
  const { incidents } = await desk.get<IncidentList>('/api/incidents');
  expect(incidents.length).toBeGreaterThan(2);
  expect(incidents.filter(({ number }) => !number.startsWith('20260916-'))).toEqual([]);
});

test('a stop signal drains every process, and the start exits with 0', { timeout: 60_000 }, async () => {
  expect(await cluster.stop()).toBe(0);
});
