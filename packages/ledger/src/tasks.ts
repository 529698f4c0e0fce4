import type { Report, Task } from '@skyeye/contracts';
import type { PlannedTask } from '@skyeye/response';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import { fromRow, insertRow, updateRow } from './rows.ts';

export interface TaskRow extends Readonly<Task> {
  readonly report: Report | null;
}

export const taskOf = ({ report: _, ...task }: TaskRow): Task => task;

/**
 * Gives a unit a task of an incident, unless it has one open: then that one is returned with `fresh` false.
 * The id is made of incident, unit and count, so a replay within the transaction order makes the same.
 */
export async function sendTask(
  tx: Queries,
  incidentId: string,
  planned: PlannedTask,
  nowMs: number,
): Promise<{ readonly task: TaskRow; readonly fresh: boolean }> {
  const earlier = (
    await tx.query('select * from tasks where incident_id = $1 and unit = $2 order by created_ms', [incidentId, planned.unit])
  ).map((row) => fromRow<TaskRow>(row));
  const open = earlier.find((task) => task.state !== 'resulted' && task.state !== 'cancelled');
  if (open !== undefined) return { task: open, fresh: false };
  const task: TaskRow = {
    id: `${incidentId}-${planned.unit}-${earlier.length + 1}`,
    incidentId,
    tier: planned.tier,
    unit: planned.unit,
    unitName: planned.unitName,
    assignee: null,
    state: 'sent',
    createdMs: nowMs,
    dueMs: planned.dueMs,
    acceptedMs: null,
    arrivedMs: null,
    metMs: null,
    resultedMs: null,
    etaMin: planned.etaMin,
    report: null,
  };
  await insertRow(tx, 'tasks', task);
  return { task, fresh: true };
}

/** @throws LEDGER_NOT_FOUND */
export async function getTask(queries: Queries, id: string, options: { readonly lock?: boolean } = {}): Promise<TaskRow> {
  const [row] = await queries.query(`select * from tasks where id = $1 ${options.lock === true ? 'for update' : ''}`, [id]);
  if (row === undefined) throw errors.notFound({ what: 'task' });
  return fromRow<TaskRow>(row);
}

export async function saveTask(tx: Queries, before: TaskRow, changes: Partial<TaskRow>): Promise<TaskRow> {
  await updateRow(tx, 'tasks', { id: before.id }, changes);
  return { ...before, ...changes };
}

export async function tasksOf(queries: Queries, incidentIds: readonly string[]): Promise<readonly TaskRow[]> {
  const rows = await queries.query('select * from tasks where incident_id = any($1) order by created_ms, id', [incidentIds]);
  return rows.map((row) => fromRow<TaskRow>(row));
}

/** Tasks of units: the open ones, and those that ended after `endedAfterMs`. */
export async function tasksOfUnits(
  queries: Queries,
  units: readonly string[],
  endedAfterMs: number,
  limit = 200,
): Promise<readonly TaskRow[]> {
  const rows = await queries.query(
    `select * from tasks where unit = any($1) and (state not in ('resulted', 'cancelled') or coalesce(resulted_ms, created_ms) > $2) order by (state in ('resulted', 'cancelled')), due_ms limit $3`,
    [units, endedAfterMs, limit],
  );
  return rows.map((row) => fromRow<TaskRow>(row));
}

/** Open tasks per unit, for the choice of who is free. */
export async function busyUnits(queries: Queries): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ unit: string; tasks: number }>(
    "select unit, count(*)::int as tasks from tasks where state in ('sent', 'accepted', 'arrived', 'met') group by unit",
  );
  return new Map(rows.map((row) => [row.unit, row.tasks]));
}

/** Ends what one unit still has open of an incident. */
export async function cancelUnit(tx: Queries, incidentId: string, unit: string): Promise<void> {
  await tx.query("update tasks set state = 'cancelled' where incident_id = $1 and unit = $2 and state not in ('resulted', 'cancelled')", [
    incidentId,
    unit,
  ]);
}

/** Ends what is still open. Returns the tasks that were ended. */
export async function cancelTasks(tx: Queries, incidentId: string, except: readonly string[] = []): Promise<readonly TaskRow[]> {
  const rows = await tx.query(
    "update tasks set state = 'cancelled' where incident_id = $1 and state not in ('resulted', 'cancelled') and not (tier = any($2)) returning *",
    [incidentId, except],
  );
  return rows.map((row) => fromRow<TaskRow>(row));
}
