import { dayNumber, isWorkingDay } from '@skyeye/language';
import { expect, test } from 'vitest';
import data from '../holidays.json' with { type: 'json' };
import { officialHolidays } from './index.ts';

const table = officialHolidays();
const isWorked = (date: string): boolean => isWorkingDay(dayNumber(Date.parse(`${date}T12:00:00+08:00`)), table);

test('a day off is on a weekday, a worked day on a weekend: anything else is a slip of the pen', () => {
  const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
  for (const date of data.holidays) expect([1, 2, 3, 4, 5], date).toContain(weekday(date));
  for (const date of data.workdays) expect([0, 6], date).toContain(weekday(date));
});

test('the National Day week of 2026 is off and paid for on two weekends', () => {
  expect(['2026-09-30', '2026-10-01', '2026-10-07', '2026-10-08', '2026-09-20', '2026-10-10'].map(isWorked)).toEqual([
    true,
    false,
    false,
    true,
    true,
    true,
  ]);
});
