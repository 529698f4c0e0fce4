import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEVELS } from '@skyeye/contracts';
import { ANSWER_SILENCE_MS, judge, levelRank, MERGE_WINDOW_MS, REALERT_SILENCE_MS, type KnownIncident } from './index.ts';

const T = 1_000_000_000;
const known = (changes: Partial<KnownIncident> = {}): KnownIncident => ({
  state: 'SIGNED',
  level: 'P3',
  machineLevel: 'P3',
  lastAlertMs: T,
  ...changes,
});

test('below the threshold nothing is opened, and an open incident is only brought up to date', () => {
  expect(judge({ level: null, t: T }, null)).toEqual({ kind: 'ignore' });
  expect(judge({ level: null, t: T }, known())).toEqual({ kind: 'update' });
  expect(judge({ level: null, t: T }, known({ state: 'CLOSED' }))).toEqual({ kind: 'ignore' });
});

test('assessments of one episode are one alert: the level follows upwards and never falls', () => {
  expect(judge({ level: 'P1', t: T + 1000 }, known())).toEqual({ kind: 'continue', level: 'P1', machineLevel: 'P1' });
  expect(judge({ level: 'P4', t: T + 1000 }, known())).toEqual({ kind: 'continue', level: 'P3', machineLevel: 'P3' });
});

test('a new alert within 72 hours attaches, raises by one step, P1 at most', () => {
  expect(judge({ level: 'P3', t: T + REALERT_SILENCE_MS }, known())).toMatchObject({ kind: 'realert', level: 'P2' });
  expect(judge({ level: 'P1', t: T + REALERT_SILENCE_MS }, known({ level: 'P1', machineLevel: 'P1' }))).toMatchObject({
    kind: 'realert',
    level: 'P1',
  });
  expect(judge({ level: 'P2', t: T + ANSWER_SILENCE_MS }, known({ state: 'CLOSED', level: 'P2', machineLevel: 'P2' }))).toMatchObject({
    kind: 'realert',
    level: 'P1',
  });
  expect(judge({ level: 'P3', t: T + MERGE_WINDOW_MS + 1 }, known({ state: 'CLOSED' }))).toEqual({ kind: 'open', level: 'P3' });
  expect(judge({ level: 'P3', t: T + MERGE_WINDOW_MS + 1 }, known())).toMatchObject({ kind: 'realert' });
});

test('a weak signal that returns every day does not climb to P1 by patience', () => {
  let now = known({ level: 'P4', machineLevel: 'P4' });
  for (let day = 1; day <= 6; day++) {
    const judged = judge({ level: 'P4', t: T + day * 86_400_000 }, now);
    if (judged.kind !== 'realert') throw new Error(judged.kind);
    now = { ...now, level: judged.level, machineLevel: judged.machineLevel, lastAlertMs: T + day * 86_400_000 };
  }
  expect(now.level).toBe('P3');
});

test('after a person lowered the level the same alert does not raise it again, a more urgent one does', () => {
  const lowered = known({ level: 'P4', machineLevel: 'P2' });
  expect(judge({ level: 'P2', t: T + 60_000 }, lowered)).toMatchObject({ kind: 'continue', level: 'P4' });
  expect(judge({ level: 'P1', t: T + 60_000 }, lowered)).toMatchObject({ kind: 'continue', level: 'P1' });
});

test('invariant 7: no assessment ever lowers a level', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LEVELS),
      fc.option(fc.constantFrom(...LEVELS), { nil: null }),
      fc.constantFrom('SIGNED', 'MET', 'CLOSED', 'RESULTED'),
      fc.integer({ min: -86_400_000, max: 400_000_000 }),
      (level, says, state, after) => {
        const judged = judge({ level: says, t: T + after }, known({ level, state: state as KnownIncident['state'], machineLevel: level }));
        if (judged.kind === 'continue' || judged.kind === 'realert') expect(levelRank(judged.level)).toBeLessThanOrEqual(levelRank(level));
      },
    ),
  );
});
