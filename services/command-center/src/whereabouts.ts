import { residentsOf, type IncidentRow, type Ledger } from '@skyeye/ledger';
import type { Whereabouts } from '@skyeye/response';

/** Where the person of an incident is and lives, as far as known. */
export async function whereaboutsOf({ ledger }: { ledger: Ledger }, { person, position }: IncidentRow): Promise<Whereabouts> {
  const resident = (await residentsOf(ledger, [person])).get(person);
  const home = resident === undefined || resident.lon === null || resident.lat === null ? null : { lon: resident.lon, lat: resident.lat };
  return { position, home, community: resident?.community ?? null, grid: resident?.grid ?? null };
}
