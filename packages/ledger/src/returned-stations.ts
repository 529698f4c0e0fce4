import type { PlannedTask } from '@skyeye/response';
import type { Queries } from './database.ts';
import type { IncidentRow } from './incidents.ts';

/** Stations that an incident was taken from. */
export async function returnedBy(queries: Queries, incidentId: string): Promise<readonly string[]> {
  const rows = await queries.query<{ station: string }>('select station from incident_returns where incident_id = $1', [incidentId]);
  return rows.map(({ station }) => station);
}

interface StationPlan {
  readonly station: { readonly code: string; readonly name: string };
  readonly tasks: readonly PlannedTask[];
}

/**
 * A plan of the machine, which knows only where a person is and lives, in the light of what stations said: one that returned
 * the incident is not chosen again, the present one keeps it.
 */
export async function heedReturns<P extends StationPlan>(
  queries: Queries,
  row: Pick<IncidentRow, 'id' | 'station' | 'stationName'>,
  plan: P,
): Promise<P> {
  const returned = await returnedBy(queries, row.id);
  if (returned.length === 0) return plan;
  const isReturned = (code: string): boolean => returned.includes(code);
  return {
    ...plan,
    station: isReturned(plan.station.code) ? { code: row.station, name: row.stationName } : plan.station,
    tasks: plan.tasks.map((task) =>
      task.tier === 'station' && isReturned(task.unit) ? { ...task, unit: row.station, unitName: row.stationName } : task,
    ),
  };
}
