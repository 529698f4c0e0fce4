import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGeo, demoCounty } from '@skyeye/geo';
import {
  lastLearningRun,
  listUnknowns,
  migrate,
  modelsOf,
  openLedger,
  recordAssessment,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type Ledger,
} from '@skyeye/ledger';
import { modelAdapter } from '@skyeye/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nightly, type NightlyOptions } from './nightly.ts';
import { reportOf, reportText } from './report.ts';
import { gather } from './gather.ts';
import { smallCounty, type SmallCounty } from './testing/small-county.ts';

let folder: string;
let server: EmbeddedPostgres;
let ledger: Ledger;
let county: SmallCounty;
let endMs: number;
let incidents: { readonly id: string; readonly fraud: boolean }[];
let options: NightlyOptions;
const HOUR = 3_600_000;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'skyeye-nightly-'));
  server = await startEmbeddedPostgres({ folder: join(folder, 'sql') });
  await migrate({ url: server.ledgerUrl });
  ledger = openLedger({ url: server.ledgerUrl, poolMax: 2 });
  county = await smallCounty({ seed: 77, residents: 60, days: 0.5 });
  endMs = Math.max(...county.arrivals.map(({ atMs }) => atMs));
  for (const [account, unit] of [
    ['officer-a', 'U1'],
    ['officer-b', 'U2'],
    ['leader', null],
  ] as const)
    await ledger.query("insert into accounts (account, name, role, unit, password_hash) values ($1, $1, 'officer', $2, '-')", [
      account,
      unit,
    ]);
  incidents = [];
  for (const [index, made] of county.assessments.entries()) {
    const { incidentId } = await recordAssessment(ledger, createGeo(demoCounty), made, made.t, () => ({
      chance: 0.1,
      drawn: index % 3 === 0,
    }));
    if (incidentId !== null) incidents.push({ id: incidentId, fraud: county.isFraud(made.person, made.t) });
  }
  for (const [index, { id, fraud }] of incidents.entries())
    await code(id, 'incident_resulted', index % 2 === 0 ? 'officer-a' : 'officer-b', fraud ? 'stopped_before' : 'false_alarm', endMs);
  options = {
    ledger,
    arrivals: () => county.arrivals,
    nowMs: endMs + HOUR,
    models: join(folder, 'models'),
    champion: join(import.meta.dirname, '../../person/2'),
    adapter: await modelAdapter('wasm'),
    days: 30,
    delayDays: 0,
    labelsMin: 5,
    say: () => undefined,
  };
}, 120_000);
afterAll(async () => {
  await ledger?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As the field and the desk do it. */
const code = (id: string, kind: string, by: string, result: string, atMs: number): Promise<void> =>
  ledger.tx((tx) => Promise.resolve(tx.journal.audit({ atMs, by, kind, subject: id, facts: { result, falseAlarmCause: null } })));

test(
  'a night learns from what was coded, its candidate goes to shadow and no further, and a second run changes nothing',
  { timeout: 120_000 },
  async () => {
    const facts = await nightly(options);
    expect(facts).toMatchObject({
      labels: incidents.length,
      frauds: incidents.filter(({ fraud }) => fraud).length,
      poisoned: false,
      suspiciousTeams: [],
    });
    expect(facts.unknowns).toBeLessThanOrEqual(20);
    const { models } = await modelsOf(ledger);
    if (facts.candidate === null) expect(facts.candidateNote).toBe('not better');
    else {
      expect(models).toMatchObject([{ name: 'person', champion: null, challenger: { version: facts.candidate.slice('person/'.length) } }]);
      expect(readFileSync(join(folder, 'models', facts.candidate, 'card.md'), 'utf8')).toContain('unsigned');
    }
    const listed = await listUnknowns(ledger);
    expect(await nightly(options)).toMatchObject({ ...facts, driftedInputs: [] });
    expect(await modelsOf(ledger)).toEqual(await modelsOf(ledger));
    expect(await listUnknowns(ledger)).toEqual(listed);
    expect((await lastLearningRun(ledger))?.facts).toMatchObject({ labels: facts.labels });
  },
);

test('an appeal that is won changes the labels of the next night, and the report reads the same labels', { timeout: 120_000 }, async () => {
  const wrong = incidents.find(({ fraud }) => fraud);
  const nextMs = endMs + 20 * HOUR;
  await code(wrong?.id ?? '', 'result_reviewed', 'leader', 'false_alarm', nextMs - HOUR);
  const before = await lastLearningRun(ledger);
  const facts = await nightly({ ...options, nowMs: nextMs, labelsMin: 1_000_000 });
  expect(facts.frauds).toBe((before?.facts['frauds'] as number) - 1);
  expect(facts).toMatchObject({ candidate: null, candidateNote: 'too few labels' });
  const span = { fromMs: endMs - 30 * 24 * HOUR, toMs: nextMs };
  const report = reportOf(await gather(ledger, { ...span, toMs: nextMs + 1 }), [], span);
  expect(report.agreement).toMatchObject({ checked: 1, wrongShare: 1 });
  expect(report.estimates.cases).toBe(incidents.length);
  expect(reportText(report)).toContain('by inverse propensity');
});
