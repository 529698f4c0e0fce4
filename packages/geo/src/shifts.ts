import type { County } from '@skyeye/contracts';

/** Asia/Shanghai has had no daylight saving since 1992: a fixed offset is exact for every event time we accept. */
export const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Hour of the day 0..23 in Asia/Shanghai. */
export function localHour(nowMs: number): number {
  return Math.floor(((((nowMs + SHANGHAI_OFFSET_MS) % 86_400_000) + 86_400_000) % 86_400_000) / 3_600_000);
}

export type UnitKind = 'station' | 'officer' | 'team' | 'grid';

/** Local hours [from, to) in which units other than teams are out; a station's command room never closes. */
export const UNIT_HOURS: Readonly<Record<Exclude<UnitKind, 'team'>, readonly [number, number]>> = {
  station: [0, 24],
  officer: [8, 22],
  grid: [8, 20],
};

/** Whether a team has a shift with members at this moment. A shift may run over midnight (fromHour > toHour). */
export function teamOnShift(team: County['teams'][number], nowMs: number): boolean {
  const hour = localHour(nowMs);
  return team.shifts.some(
    (shift) =>
      shift.members > 0 &&
      (shift.fromHour < shift.toHour ? hour >= shift.fromHour && hour < shift.toHour : hour >= shift.fromHour || hour < shift.toHour),
  );
}

export function unitOnShift(kind: Exclude<UnitKind, 'team'>, nowMs: number): boolean {
  const [from, to] = UNIT_HOURS[kind];
  const hour = localHour(nowMs);
  return hour >= from && hour < to;
}
