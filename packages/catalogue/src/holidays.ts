import type { HolidayTable } from '@skyeye/language';
import data from '../holidays.json' with { type: 'json' };

/** The official working days of the years in use; other years have weekends only. */
export function officialHolidays(): HolidayTable {
  return { holidays: new Set(data.holidays), workdays: new Set(data.workdays) };
}
