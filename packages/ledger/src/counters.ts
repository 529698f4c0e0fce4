import type { Counters, QuarantineRecord, SourceStatus } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import { countyDay, countyDayStart } from './incidents.ts';

/**
 * The numbers at the head of the console. `unitsAll`: how many units can be sent; grid workers follow up and are not among
 * them, neither here nor in `unitsOut`. One round trip.
 */
export async function readCounters(queries: Queries, { nowMs, unitsAll }: { nowMs: number; unitsAll: number }): Promise<Counters> {
  const [row] = await queries.query<Omit<Counters, 'unitsAll'>>(
    `select
       (select count(*)::int from incidents where closed_ms is null and level = 'P1' and (state not in ('MET', 'RESULTED', 'FOLLOWUP') or (live ->> 'call')::boolean or (live ->> 'share')::boolean)) as now,
       (select count(*)::int from incidents where closed_ms is null and signed_ms is null and level <> 'P4') as unsigned,
       (select coalesce(greatest(0, $1 - min(greatest(created_ms, alert_ms))), 0) from incidents where closed_ms is null and signed_ms is null and level <> 'P4') as "longestUnsignedMs",
       (select count(distinct unit)::int from tasks where tier <> 'grid' and state in ('accepted', 'arrived', 'met')) as "unitsOut",
       (select count(*)::int from incidents where resulted_ms >= $2 and result in ('stopped_before', 'stopped_loss')) as "stoppedToday",
       (select coalesce(sum(amount_fen), 0)::bigint from holds where created_ms >= $2 and outcome in ('hold', 'fuse', 'delay') and state in ('active', 'confirmed')) as "savedTodayFen",
       (select coalesce(sum(lost_fen), 0)::bigint from incidents where updated_ms >= $2 and alert_ms >= $2) as "lostTodayFen",
       (select count(*)::int from incidents where resulted_ms >= $2 and result = 'false_alarm') as "falseToday",
       (select count(*)::int from incidents where resulted_ms >= $2) as "resultedToday",
       (select count(*)::int from holds where state = 'active') as "holdsActive",
       (select coalesce(sum(value), 0)::int from service_numbers where name = 'fallbacks' and day = $3) as "fallbackToday",
       (select value from service_numbers where name = 'latency_ms_p50' and day = '' limit 1) as "engineLatencyMsP50"`,
    [nowMs, countyDayStart(nowMs), countyDay(nowMs)],
  );
  if (row === undefined) throw new Error('a select without from gives a row');
  return { ...row, unitsAll };
}

/** Adds to a number of the county's day, e.g. answers that fell back to the bank's own rules. */
export async function addServiceNumber(queries: Queries, service: string, name: string, nowMs: number, by = 1): Promise<void> {
  await queries.query(
    'insert into service_numbers (service, name, day, value) values ($1, $2, $3, $4) on conflict (service, name, day) do update set value = service_numbers.value + excluded.value',
    [service, name, countyDay(nowMs), by],
  );
}

/** Sets a number that is now so. */
export async function setServiceNumber(queries: Queries, service: string, name: string, value: number): Promise<void> {
  await queries.query(
    "insert into service_numbers (service, name, day, value) values ($1, $2, '', $3) on conflict (service, name, day) do update set value = excluded.value",
    [service, name, value],
  );
}

export async function putSourceStatus(queries: Queries, status: SourceStatus): Promise<void> {
  await queries.query(
    `insert into source_status (stream, at_ms, status) values ($1, $2, $3::jsonb) on conflict (stream) do update set at_ms = excluded.at_ms, status = excluded.status where source_status.at_ms <= excluded.at_ms`,
    [status.stream, status.atMs, JSON.stringify(status)],
  );
}

export async function readSourceStatus(queries: Queries): Promise<readonly SourceStatus[]> {
  return (await queries.query<{ status: SourceStatus }>('select status from source_status order by stream')).map((row) => row.status);
}

/** Keeps a quarantined record for the source page; the sealed bytes stay on the topic. Idempotent. */
export async function putQuarantined(queries: Queries, { sealed: _, ...record }: QuarantineRecord): Promise<void> {
  await queries.query('insert into quarantined (id, topic, at_ms, record) values ($1, $2, $3, $4::jsonb) on conflict (id) do nothing', [
    record.id,
    record.topic,
    record.atMs,
    JSON.stringify(record),
  ]);
}

/** A record in quarantine as the source page lists it. Once sent to its topic again it stays listed, with when (county time) and by whom. */
export type QuarantinedRow = Omit<QuarantineRecord, 'sealed'> & {
  readonly replayedMs: number | null;
  readonly replayedBy: string | null;
  /** What people call that account. */
  readonly replayedByName?: string;
};

/** Newest first. */
export async function readQuarantined(queries: Queries, limit = 100): Promise<readonly QuarantinedRow[]> {
  const rows = await queries.query<{
    record: Omit<QuarantineRecord, 'sealed'>;
    replayed_ms: number | null;
    replayed_by: string | null;
    name: string | null;
  }>(
    `select record, replayed_ms, replayed_by, accounts.name from quarantined left join accounts on accounts.account = replayed_by
     order by at_ms desc, id limit $1`,
    [limit],
  );
  return rows.map(({ record, replayed_ms: replayedMs, replayed_by: replayedBy, name }) => ({
    ...record,
    replayedMs,
    replayedBy,
    ...(name === null ? {} : { replayedByName: name }),
  }));
}

/**
 * Marks a record as sent to its topic again; whoever tries at the same moment waits for the end of the transaction.
 * @throws LEDGER_REPLAYED_BEFORE when it was sent before: if it was refused again, that is a record of its own in quarantine
 */
export async function markReplayed(tx: Queries, record: QuarantineRecord, { atMs, by }: { atMs: number; by: string }): Promise<void> {
  // Its notice may not have been taken in yet.
  await putQuarantined(tx, record);
  const marked = await tx.query(
    'update quarantined set replayed_ms = $2, replayed_by = $3 where id = $1 and replayed_ms is null returning 1',
    [record.id, atMs, by],
  );
  if (marked.length === 0) throw errors.replayedBefore();
}
