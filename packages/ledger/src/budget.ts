import type { BudgetSeen } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { countyDayStart } from './incidents.ts';

const DAY_MS = 86_400_000;
const DAYS = 7;

/** How many P1 and P2 there were today and on the days before, and how many of them were met. Counted by the day an incident was made. */
export async function readVisits(queries: Queries, nowMs: number): Promise<Pick<BudgetSeen, 'today' | 'days'>> {
  const todayMs = countyDayStart(nowMs);
  const firstMs = todayMs - (DAYS - 1) * DAY_MS;
  const rows = await queries.query<{ day: number; urgent: number; met: number; open: number }>(
    `select ((created_ms - $1) / $2)::int as day, count(*)::int as urgent, count(met_ms)::int as met,
            count(*) filter (where closed_ms is null)::int as open
     from incidents where created_ms >= $1 and level in ('P1', 'P2') group by 1`,
    [firstMs, DAY_MS],
  );
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const today = byDay.get(DAYS - 1);
  return {
    today: { urgent: today?.urgent ?? 0, met: today?.met ?? 0, open: today?.open ?? 0 },
    days: Array.from({ length: DAYS }, (_, day) => ({
      dayMs: firstMs + day * DAY_MS,
      urgent: byDay.get(day)?.urgent ?? 0,
      met: byDay.get(day)?.met ?? 0,
    })),
  };
}
