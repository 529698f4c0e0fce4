import { checkReturn, clocksStarting, TIERS_AT_ONCE, type PlannedTask } from '@skyeye/response';
import { startClocks } from './clocks.ts';
import { command, type CommandInput } from './commands.ts';
import type { Queries } from './database.ts';
import type { IncidentRow } from './incidents.ts';
import type { Ledger } from './ledger.ts';
import { returnedBy } from './returned-stations.ts';
import { changesOf, sendTasks } from './steps.ts';
import { cancelUnit } from './tasks.ts';

/** For a level at which the station is not told by itself. */
const DUE_MS = 3_600_000;

/**
 * Returns 退回 an incident to the station of the right district. Its command room signs anew; what others do goes on.
 * @throws LEDGER_STALE_VERSION, RESPONSE_RETURN_TO_SELF, RESPONSE_RETURNED_BEFORE, RESPONSE_RETURN_LATE
 */
export function returnTo(
  ledger: Ledger,
  input: CommandInput & {
    readonly to: { readonly code: string; readonly name: string };
    readonly byStation: boolean;
    readonly reason: string;
  },
): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs, to, byStation, reason } = input;
    const from = row.station;
    const toldMs = await toldAt(tx, row);
    checkReturn({ from, to: to.code, byStation, toldMs, nowMs, returned: await returnedBy(tx, row.id) });
    await tx.query(
      'insert into incident_returns (incident_id, station, to_station, at_ms, by) values ($1, $2, $3, $4, $5) on conflict (incident_id, station) do update set to_station = excluded.to_station, at_ms = excluded.at_ms, by = excluded.by',
      [row.id, from, to.code, nowMs, actor.account],
    );
    await cancelUnit(tx, row.id, from);
    const facts = { from, to: to.code, reason };
    tx.journal.action({
      incidentId: row.id,
      kind: 'returned',
      atMs: nowMs,
      by: actor.account,
      facts,
      says: { zh: `退回,转${to.name}:${reason}`, en: `Returned, now with ${to.name}: ${reason}` },
    });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'incident_returned', subject: row.id, facts });
    // What the other station signed for it signed in error; the county's desk stays signed.
    const unsigned = row.signedMs === null || (await unitOf(tx, row.signedBy)) === from;
    if (unsigned)
      await startClocks(
        tx,
        row.id,
        clocksStarting(row.level, 'alert', nowMs, row.urban).filter(({ step }) => step === 'sign'),
      );
    const dueMs = nowMs + (TIERS_AT_ONCE[row.level].station ?? DUE_MS);
    const task: PlannedTask = { tier: 'station', unit: to.code, unitName: to.name, dueMs, etaMin: null };
    await sendTasks(tx, row, [task], { nowMs, by: actor.account });
    return {
      ...(unsigned ? { ...changesOf(row, { step: 'return', atMs: nowMs }), signedBy: null, signedMs: null } : {}),
      station: to.code,
      stationName: to.name,
    };
  });
}

/** When the present station was told: with its task, else with the incident. */
async function toldAt(tx: Queries, row: IncidentRow): Promise<number> {
  const [told] = await tx.query<{ ms: number | null }>('select max(created_ms) as ms from tasks where incident_id = $1 and unit = $2', [
    row.id,
    row.station,
  ]);
  return told?.ms ?? row.createdMs;
}

async function unitOf(tx: Queries, account: string | null): Promise<string | null> {
  const [found] = await tx.query<{ unit: string | null }>('select unit from accounts where account = $1', [account]);
  return found?.unit ?? null;
}
