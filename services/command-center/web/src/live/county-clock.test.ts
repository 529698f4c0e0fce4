import { expect, test } from 'vitest';
import { clockTime, countyNow, daysBetween, dayTime } from './county-clock.ts';

const anchor = { countyMs: 1_000_000, wallMs: 500, speed: 60 };

test('county time runs as fast as the server says', () => {
  expect(countyNow(anchor, 700, 1_500)).toBe(1_060_000);
});

test('a server whose wall clock is off is taken at receipt', () => {
  expect(countyNow({ ...anchor, wallMs: 900_000 }, 700, 1_700)).toBe(1_060_000);
  expect(countyNow(anchor, 900_000, 901_000)).toBe(1_060_000);
});

test('the hour is the county hour in any time zone', () => {
  const ms = Date.UTC(2026, 8, 16, 8, 21, 48);
  expect(clockTime(ms)).toBe('16:21:48');
  expect(dayTime(ms)).toBe('09-16 16:21');
});

test('a day ends at the midnight of the county', () => {
  const late = Date.UTC(2026, 8, 16, 15, 59);
  expect(daysBetween(late, late + 30_000)).toBe(0);
  expect(daysBetween(late, late + 120_000)).toBe(1);
  expect(daysBetween(late, late - 24 * 3_600_000)).toBe(-1);
});
