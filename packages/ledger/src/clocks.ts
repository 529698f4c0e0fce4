import type { StepClock } from '@skyeye/contracts';
import type { ClockStep, DueClock, EscalateTo } from '@skyeye/response';
import type { Queries } from './database.ts';

/** A clock that ran out: what was due, for whom, and who is told. */
export interface RunOutClock {
  readonly incidentId: string;
  readonly step: ClockStep;
  readonly dueMs: number;
  readonly escalateTo: EscalateTo;
}

/** Starts clocks, or starts them again. */
export async function startClocks(tx: Queries, incidentId: string, clocks: readonly DueClock[]): Promise<void> {
  if (clocks.length === 0) return;
  await tx.query(
    `insert into clocks (incident_id, step, due_ms, grace_ms, escalate_to) select $1, s, d, g, e from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) as r (s, d, g, e)
     on conflict (incident_id, step) do update set due_ms = excluded.due_ms, grace_ms = excluded.grace_ms, escalate_to = excluded.escalate_to, done_ms = null, missed_ms = null`,
    [incidentId, clocks.map((c) => c.step), clocks.map((c) => c.dueMs), clocks.map((c) => c.graceMs), clocks.map((c) => c.escalateTo)],
  );
}

/** Stops clocks that still run; a missed one gets its time of doing too, late as it is. */
export async function stopClocks(tx: Queries, incidentId: string, steps: readonly ClockStep[], atMs: number): Promise<void> {
  await tx.query('update clocks set done_ms = $3 where incident_id = $1 and step = any($2) and done_ms is null', [incidentId, steps, atMs]);
}

/** Takes away clocks that the present level does not have. */
export async function dropClocks(tx: Queries, incidentId: string, keep: readonly ClockStep[]): Promise<void> {
  await tx.query('delete from clocks where incident_id = $1 and done_ms is null and not (step = any($2))', [incidentId, keep]);
}

/** Clocks that ran out by `nowMs`, oldest first, of open incidents. Not locked: whoever handles one locks its incident. */
export async function runOutClocks(queries: Queries, nowMs: number, limit = 100): Promise<readonly RunOutClock[]> {
  const rows = await queries.query<{ incident_id: string; step: ClockStep; due_ms: number; escalate_to: EscalateTo }>(
    'select incident_id, step, due_ms, escalate_to from clocks where done_ms is null and missed_ms is null and due_ms + grace_ms <= $1 order by due_ms + grace_ms limit $2',
    [nowMs, limit],
  );
  return rows.map((row) => ({ incidentId: row.incident_id, step: row.step, dueMs: row.due_ms, escalateTo: row.escalate_to }));
}

/** A follow-up that falls due is not missed: its clock has done its work when the task is sent. */
export async function ringClock(tx: Queries, incidentId: string, step: ClockStep, nowMs: number): Promise<boolean> {
  const rows = await tx.query(
    'update clocks set done_ms = $3 where incident_id = $1 and step = $2 and done_ms is null and missed_ms is null and due_ms <= $3 returning 1',
    [incidentId, step, nowMs],
  );
  return rows.length > 0;
}

/** Marks one as missed; false when another process was first or the step was done meanwhile. */
export async function missClock(tx: Queries, incidentId: string, step: ClockStep, nowMs: number): Promise<boolean> {
  const rows = await tx.query(
    'update clocks set missed_ms = $3 where incident_id = $1 and step = $2 and done_ms is null and missed_ms is null and due_ms + grace_ms <= $3 returning 1',
    [incidentId, step, nowMs],
  );
  return rows.length > 0;
}

export async function clocksOf(queries: Queries, incidentIds: readonly string[]): Promise<ReadonlyMap<string, readonly StepClock[]>> {
  const rows = await queries.query<{
    incident_id: string;
    step: ClockStep;
    due_ms: number;
    done_ms: number | null;
    missed_ms: number | null;
  }>('select * from clocks where incident_id = any($1) order by due_ms, step', [incidentIds]);
  const byIncident = new Map<string, StepClock[]>();
  for (const row of rows) {
    const list = byIncident.get(row.incident_id) ?? [];
    list.push({ step: row.step, dueMs: row.due_ms, doneMs: row.done_ms, missed: row.missed_ms !== null });
    byIncident.set(row.incident_id, list);
  }
  return byIncident;
}
