import { expect, test } from 'vitest';
import { createGeo, demoCounty } from '@skyeye/geo';
import type { Level, ResultCode } from '@skyeye/contracts';
import {
  CLOCK_RULES,
  clocksStarting,
  followUpsMs,
  isSampled,
  LARGE_LOSS_FEN,
  nextCall,
  planTiers,
  TIERS_AT_ONCE,
  unitOptions,
  type Whereabouts,
} from './index.ts';

const geo = createGeo(demoCounty);
/** 10:00 in Shanghai. */
const NOW = Date.UTC(2026, 8, 16, 2);
const community = geo.county.communities[3] ?? fail();
const grid = geo.county.grids.find((entry) => entry.community === community.code) ?? fail();
const fence = geo.county.fences[0] ?? fail();
function fail(): never {
  throw new Error('the county has too little');
}
const home: Whereabouts = { position: null, home: { lon: community.lon, lat: community.lat }, community: community.code, grid: grid.code };
const inFence = (): { lon: number; lat: number } => {
  const corners = fence.border.slice(0, -1);
  return {
    lon: corners.reduce((sum, [lon]) => sum + lon, 0) / corners.length,
    lat: corners.reduce((sum, [, lat]) => sum + lat, 0) / corners.length,
  };
};

test('at P1 the three tiers are told side by side, and the nearest team on shift with them', () => {
  const plan = planTiers(geo, { level: 'P1', whereabouts: home, nowMs: NOW });
  expect(plan.tasks.map((task) => task.tier)).toEqual(['station', 'officer', 'officer', 'grid']);
  expect(plan.tasks.find((task) => task.tier === 'grid')?.unit).toBe(grid.code);
  expect(plan.tasks.filter((task) => task.tier === 'officer').map((task) => task.unit)).toContain(community.code);
  expect(plan.station.code).toBe(geo.county.towns.find((town) => town.code === community.town)?.station);
});

test('the command room of the fence the person is in answers, and of the home when the position is old', () => {
  const position = { ...inFence(), radiusM: 100, atMs: NOW - 60_000 };
  expect(planTiers(geo, { level: 'P1', whereabouts: { ...home, position }, nowMs: NOW }).station.code).toBe(fence.station);
  const old = planTiers(geo, { level: 'P1', whereabouts: { ...home, position: { ...position, atMs: NOW - 7_200_000 } }, nowMs: NOW });
  expect(old.place).toEqual(home.home);
});

test('weaker levels ask fewer people, and an unknown person still has a station', () => {
  for (const level of ['P2', 'P3', 'P4'] as const) {
    expect([...new Set(planTiers(geo, { level, whereabouts: home, nowMs: NOW }).tasks.map((task) => task.tier))].toSorted()).toEqual(
      Object.keys(TIERS_AT_ONCE[level]).toSorted(),
    );
  }
  const unknown = planTiers(geo, { level: 'P1', whereabouts: { position: null, home: null, community: null, grid: null }, nowMs: NOW });
  expect(unknown.tasks.map((task) => task.tier)).toEqual(['station']);
});

test('units come with on-shift ones first', () => {
  const units = unitOptions(geo, home, NOW, (unit) => (unit === community.code ? 2 : 0));
  expect(units.length).toBeGreaterThan(3);
  expect(units.find((unit) => unit.code === community.code && unit.kind === 'officer')?.busy ?? 2).toBe(2);
});

test('a dispatcher chooses among all kinds, not among the nearest grids alone', () => {
  const units = unitOptions(geo, home, NOW, () => 0);
  expect(new Set(units.map(({ kind }) => kind))).toEqual(new Set(['station', 'officer', 'team', 'grid']));
  expect(units.filter(({ kind }) => kind === 'team').length).toBe(Math.min(12, geo.county.teams.length));
  const onShift = units.filter((unit) => unit.onShift);
  expect(onShift.map(({ etaMin }) => etaMin)).toEqual(onShift.map(({ etaMin }) => etaMin).toSorted((a, b) => a - b));
});

test('the clocks of an alert are those of the time limits', () => {
  const minutes = (level: keyof typeof CLOCK_RULES, urban: boolean) =>
    Object.fromEntries(clocksStarting(level, 'alert', 0, urban).map((clock) => [clock.step, clock.dueMs / 60_000]));
  expect(minutes('P1', true)).toEqual({ sign: 1, first_call: 2, dispatch: 2, at_door: 5, escalate_county: 15, escalate_city: 30 });
  expect(minutes('P1', false)).toMatchObject({ at_door: 15 });
  expect(minutes('P2', true)).toEqual({ sign: 3, first_call: 10, dispatch: 10, at_door: 60, escalate_county: 120 });
  expect(clocksStarting('P1', 'alert', 0, true)[0]?.graceMs).toBe(30_000);
  expect(clocksStarting('P1', 'met', 0, true)).toMatchObject([{ step: 'feedback', dueMs: 1_800_000 }]);
});

const ids = Array.from({ length: 4_000 }, (_, n) => `i${n.toString(16).padStart(20, '0')}`);
const NOT_SAMPLED = ids.find((id) => !isSampled(id)) ?? '';

test('one result in twenty at P4 is followed up after a week, decided by its id', () => {
  const sampled = ids.filter(isSampled);
  expect(sampled.length / ids.length).toBeGreaterThan(0.04);
  expect(sampled.length / ids.length).toBeLessThan(0.06);
  const p4 = (id: string) => followUpsMs('P4', { id, result: 'stopped_before', lostFen: 0 });
  expect([p4(sampled[0] ?? ''), p4(NOT_SAMPLED)]).toEqual([[7 * 86_400_000], []]);
});

test('who refused, lost money or lost much is asked once more after a month, at P1 only', () => {
  const days = (level: Level, result: ResultCode | null, lostFen = 0): number[] =>
    followUpsMs(level, { id: NOT_SAMPLED, result, lostFen }).map((ms) => ms / 86_400_000);
  expect(days('P1', 'stopped_before')).toEqual([1, 3, 7]);
  expect(days('P1', 'refused')).toEqual([1, 3, 7, 30]);
  expect(days('P1', 'lost')).toEqual([1, 3, 7, 30]);
  expect([days('P1', 'stopped_loss', LARGE_LOSS_FEN - 1), days('P1', 'stopped_loss', LARGE_LOSS_FEN)]).toEqual([
    [1, 3, 7],
    [1, 3, 7, 30],
  ]);
  expect([days('P2', 'lost'), days('P3', 'refused'), days('P4', 'lost')]).toEqual([[1, 7], [7], []]);
});

test('calls are repeated every two minutes at P1, three in all at P2, two at P3', () => {
  const dueMin = (level: Level, calls: number): number | null => {
    const next = nextCall(level, calls, NOW);
    return next === null ? null : (next.dueMs - NOW) / 60_000;
  };
  expect([dueMin('P1', 1), dueMin('P1', 40)]).toEqual([2, 2]);
  expect([dueMin('P2', 1), dueMin('P2', 2), dueMin('P2', 3)]).toEqual([10, 10, null]);
  expect([dueMin('P3', 1), dueMin('P3', 2), dueMin('P4', 1)]).toEqual([120, null, null]);
});

test('a cell that covers the home leaves the visit at the home, one that does not sends it where the phone is', () => {
  const seen = { lon: community.lon + 0.003, lat: community.lat, atMs: NOW };
  const placeWith = (radiusM: number) =>
    planTiers(geo, { level: 'P1', whereabouts: { ...home, position: { ...seen, radiusM } }, nowMs: NOW }).place;
  expect(placeWith(400)).toEqual({ lon: community.lon, lat: community.lat });
  expect(placeWith(100)).toEqual({ lon: seen.lon, lat: seen.lat });
});
