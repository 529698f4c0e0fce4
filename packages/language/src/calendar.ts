/** Days of Asia/Shanghai: UTC+8 the whole year, since 1991. */
const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Working days. `holidays` are days off besides Saturday and Sunday, `workdays` weekend days that are worked
 * (调休), both as `YYYY-MM-DD`. The empty table is what the golden sets were made with.
 */
export interface HolidayTable {
  readonly holidays: ReadonlySet<string>;
  readonly workdays: ReadonlySet<string>;
}

export const NO_HOLIDAYS: HolidayTable = { holidays: new Set(), workdays: new Set() };

/** Number of the local day, counted from 1970-01-01 local. */
export function dayNumber(tMs: number): number {
  return Math.floor((tMs + OFFSET_MS) / DAY_MS);
}

/** Local hour, 0 to 23. */
export function hourOfDay(tMs: number): number {
  return Math.floor((tMs + OFFSET_MS - dayNumber(tMs) * DAY_MS) / 3_600_000);
}

/** The first millisecond of a local day. */
export function dayStartMs(day: number): number {
  return day * DAY_MS - OFFSET_MS;
}

export function isWorkingDay(day: number, table: HolidayTable): boolean {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  if (table.workdays.has(date)) return true;
  const weekday = (((day + 3) % 7) + 7) % 7; // 1970-01-01 was a Thursday; 0 is Monday
  return weekday < 5 && !table.holidays.has(date);
}

/**
 * The exclusive start of a window of `days` working days ending at `tMs`: the millisecond before 00:00 of the days-th
 * most recent working day, today counting when it is one. Looks back at most 4,000 days, a table without working days
 * included.
 */
export function workingDaysStartMs(tMs: number, days: number, table: HolidayTable): number {
  let day = dayNumber(tMs);
  let found = 0;
  for (let looked = 0; looked < 4000; looked++) {
    if (isWorkingDay(day, table)) found += 1;
    if (found === days) break;
    day -= 1;
  }
  return dayStartMs(day) - 1;
}
