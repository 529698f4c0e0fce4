import type { Assessment } from '@skyeye/contracts';
import { createGeo, demoCounty } from '@skyeye/geo';
import { migrate, openLedger, recordAssessment, startEmbeddedPostgres, type EmbeddedPostgres, type Ledger } from '@skyeye/ledger';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followContacts, type CountyNews } from './contacts.ts';

/** 2026-09-16 10:00 in Shanghai. */
const T0 = Date.UTC(2026, 8, 16, 2);
const HUMAN = 'team-rt01';
let folder = '';
let server: EmbeddedPostgres;
let ledger: Ledger;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-contacts-'));
  server = await startEmbeddedPostgres({ folder });
  await migrate({ url: server.ledgerUrl });
  ledger = openLedger({ url: server.ledgerUrl });
});
afterAll(async () => {
  await ledger.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const assessment = (id: string, changes: Partial<Assessment>): Assessment => ({
  id,
  person: 'p_a',
  phone: 'ph_a',
  acct: null,
  t: T0,
  causeEventId: id,
  score: 0.9,
  level: 'P2',
  expectedLossFen: 4_980_000,
  lostFen: 0,
  lossAtMs: T0 + 240_000,
  scam: 'svc',
  reasons: [],
  evidence: [],
  live: { call: true, share: false, payment: false },
  scoredBy: 'rules',
  versions: { catalogue: '1', rules: '1', model: '1', engine: '1' },
  ingestedAtMs: null,
  ...changes,
});

test('the county hears of a case that opens and grows, of a talk, and of a meeting that a person had', async () => {
  const heard: CountyNews[] = [];
  const end = await followContacts({ ledger, humans: new Set([HUMAN]), tell: (news) => heard.push(news) });
  const places = createGeo(demoCounty);
  await recordAssessment(ledger, places, assessment('a1', {}), T0);
  await recordAssessment(ledger, places, assessment('a2', { level: 'P1', t: T0 + 60_000 }), T0 + 60_000);
  const [row] = await ledger.query<{ id: string }>('select id from incidents');
  const act = (kind: 'called' | 'met', by: string, facts: Record<string, string> = {}): Promise<unknown> =>
    ledger.tx(({ journal }) => {
      journal.action({ incidentId: row?.id ?? '', kind, atMs: T0, by, facts, says: { zh: '记录', en: 'entry' } });
      return Promise.resolve();
    });
  await act('called', 'analyst', { result: 'no_answer' });
  await act('called', 'analyst', { result: 'answered_convinced' });
  await act('met', 'team-simulated');
  await act('met', HUMAN);
  const of = { person: 'p_a', phone: 'ph_a' };
  await expect
    .poll(() => heard, { timeout: 10_000 })
    .toEqual([
      { type: 'locate', ...of },
      { type: 'locate', ...of },
      { type: 'contact', how: 'call', ...of },
      { type: 'contact', how: 'visit', ...of },
    ]);
  await end();
});
