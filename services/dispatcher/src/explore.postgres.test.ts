import { createHash } from 'node:crypto';
import { getIncident, incidentDetail, learnedIncidents, putReference, recordAssessment, tasksOf } from '@skyeye/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explorer } from './explore.ts';
import { assessment, context, geo, resident, T0, testLedger, type TestLedger } from './testing/dispatching.ts';

let it: TestLedger;
beforeAll(async () => {
  it = await testLedger();
  await it.ledger.tx((tx) => putReference(tx, ['a', 'b', 'c'].flatMap(resident)));
});
afterAll(() => it.end());

const sha = (id: string): string => createHash('sha256').update(`key/${id}`).digest('hex');
const drawn = explorer(() => '0'.repeat(64), 15);
const spared = explorer(() => 'f'.repeat(64), 15);

test('a drawn case is visited within the day at the level it has, and says in the incident that it was drawn', async () => {
  const { incidentId } = await recordAssessment(it.ledger, geo, assessment('a', { level: 'P3', score: 0.3 }), T0, drawn);
  const row = await getIncident(it.ledger, incidentId ?? '');
  expect(row).toMatchObject({ level: 'P3', exploration: true, openedScore: 0.3 });
  expect(row.exploreChance).toBeGreaterThan(0);
  const tiers = (await tasksOf(it.ledger, [row.id])).map(({ tier, dueMs }) => [tier, dueMs - T0]);
  expect(new Map(tiers as [string, number][])).toEqual(
    new Map([
      ['station', 24 * 3_600_000],
      ['officer', 24 * 3_600_000],
      ['grid', 24 * 3_600_000],
    ]),
  );
  const detail = await it.ledger.read((queries) => incidentDetail(queries, row.id, { ...context(T0), talkTrack: () => null }));
  expect(detail.exploration).toBe(true);
  expect(detail.actions.some(({ says }) => says.zh.startsWith('抽样走访'))).toBe(true);
});

test('who was not drawn keeps the chance, and P1 and P2 are not drawn at all', async () => {
  const other = await recordAssessment(it.ledger, geo, assessment('b', { level: 'P4', score: 0.2 }), T0, spared);
  const urgent = await recordAssessment(it.ledger, geo, assessment('c', { level: 'P1' }), T0, drawn);
  const rows = await learnedIncidents(it.ledger, { fromMs: T0, toMs: T0 + 1 });
  const of = (id: string | null) => rows.find((row) => row.id === id);
  expect(of(other.incidentId)).toMatchObject({ exploration: false, machineLevel: 'P4', sex: 'f', bornYear: 1956 });
  expect(of(other.incidentId)?.exploreChance).toBeGreaterThan(0);
  expect(of(urgent.incidentId)).toMatchObject({ exploration: false, exploreChance: 0 });
});

test('a replay draws the same, another key draws others, and about as many as the budget says', () => {
  const explore = explorer(sha, 15);
  const draws = Array.from({ length: 20_000 }, (_, at) => explore?.(`i${at}`, { cases: 1_225, days: 7 }).drawn === true);
  expect(explorer(sha, 15)?.('i17', { cases: 1_225, days: 7 })).toEqual(explore?.('i17', { cases: 1_225, days: 7 }));
  // 0.015 · 15 of 175 a day.
  const share = draws.filter(Boolean).length / draws.length;
  expect(share).toBeGreaterThan(0.0006);
  expect(share).toBeLessThan(0.0022);
  expect(explorer(sha, null)).toBeNull();
});
