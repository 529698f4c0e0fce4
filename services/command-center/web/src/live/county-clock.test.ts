import { expect, test } from 'vitest';
import { clockTime, countyNow, dayTime } from './county-clock.ts';

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
