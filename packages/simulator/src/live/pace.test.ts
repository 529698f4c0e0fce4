import { expect, test } from 'vitest';
import { Random } from '../random.ts';
import { paceOf, type Pace } from './pace.ts';

const MIN_MS = 60_000;
const paces = (task: Parameters<typeof paceOf>[0]): Pace[] => Array.from({ length: 200 }, (_, n) => paceOf(task, new Random(n, 1)));
const minutes = (pace: Pace): number => (pace.takeMs + pace.roadMs + pace.doorMs) / MIN_MS;

test('where minutes count they are at the door a quarter to half an hour after the alert, a long way later', () => {
  const near = paces({ tier: 'station', level: 'P1', etaMin: 3 }).map(minutes);
  expect(Math.min(...near)).toBeGreaterThan(12);
  expect(Math.max(...near)).toBeLessThan(27);
  const far = paces({ tier: 'officer', level: 'P2', etaMin: 30 }).map(minutes);
  expect(Math.min(...far)).toBeGreaterThan(Math.min(...near) + 15);
  expect(Math.max(...paces({ tier: 'officer', level: 'P1', etaMin: 600 }).map(minutes))).toBeLessThan(50);
});

test('a grid worker, and who has a day for it, comes hours later and within the day', () => {
  for (const task of [
    { tier: 'grid', level: 'P1', etaMin: null },
    { tier: 'officer', level: 'P3', etaMin: 5 },
  ] as const) {
    const taken = paces(task).map(minutes);
    expect(Math.min(...taken)).toBeGreaterThan(60);
    expect(Math.max(...taken)).toBeLessThan(4 * 60);
  }
});
