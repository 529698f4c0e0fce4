import type {
  Assessment,
  Bilingual,
  EvidenceItem,
  Incident,
  IncidentState,
  Level,
  Position,
  Reason,
  ResultCode,
  Scam,
} from '@skyeye/contracts';
import { sm3 } from './canonical.ts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import { fromRow, insertRow, updateRow } from './rows.ts';

/** An incident as it is stored. Identifiers are tokens. */
export interface IncidentRow {
  readonly id: string;
  readonly number: string;
  readonly person: string;
  readonly phone: string | null;
  readonly acct: string | null;
  readonly level: Level;
  /** Most urgent level of the machine since the last alert; above `level` when a person lowered it. */
  readonly machineLevel: Level;
  readonly state: IncidentState;
  readonly scam: Scam | null;
  readonly score: number;
  readonly expectedLossFen: number;
  readonly lostFen: number;
  readonly lossAtMs: number;
  readonly why: Bilingual;
  readonly reasons: readonly Reason[];
  readonly sources: readonly string[];
  readonly live: Incident['live'];
  readonly alerts: number;
  readonly calls: number;
  readonly station: string;
  readonly stationName: string;
  readonly urban: boolean;
  readonly signedBy: string | null;
  readonly signedMs: number | null;
  readonly metMs: number | null;
  readonly resultedMs: number | null;
  readonly closedMs: number | null;
  readonly result: ResultCode | null;
  readonly falseAlarmCause: string | null;
  readonly followUps: number;
  readonly position: Position | null;
  readonly scoredBy: Assessment['scoredBy'];
  readonly versions: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly alertMs: number;
  readonly assessedMs: number;
  readonly version: number;
  /**
   * Version of the last change that matters for a decision: a command, a step of the field, a level, a re-alert. The
   * machine's updates (score, live flags, time to loss) come several a minute and must not make a person's click stale.
   */
  readonly actedVersion: number;
  /** Score of the assessment that opened it. */
  readonly openedScore: number;
  /** Chance with which it was to be visited although it is below the bar; 0 where nobody drew. */
  readonly exploreChance: number;
  /** Drawn: visited to learn what the bar leaves out. */
  readonly exploration: boolean;
}

/** Id of the incident that an assessment opens: the same at a replay. */
export const incidentIdOf = (assessmentId: string): string => `i${sm3(assessmentId).slice(0, 20)}`;

const SHANGHAI_MS = 8 * 3_600_000;
/** The county's day of a moment, `20260916`. */
export const countyDay = (ms: number): string => new Date(ms + SHANGHAI_MS).toISOString().slice(0, 10).replaceAll('-', '');
/** Start of the county's day of a moment. */
export const countyDayStart = (ms: number): number => Math.floor((ms + SHANGHAI_MS) / 86_400_000) * 86_400_000 - SHANGHAI_MS;

/** Next human number of the county's day, e.g. 20260916-0031. Unique; a rolled back transaction gives its number back. */
export async function nextNumber(tx: Queries, nowMs: number): Promise<string> {
  const day = countyDay(nowMs);
  const [row] = await tx.query<{ last: number }>(
    'insert into incident_numbers (day, last) values ($1, 1) on conflict (day) do update set last = incident_numbers.last + 1 returning last',
    [day],
  );
  return `${day}-${String(row?.last ?? 0).padStart(4, '0')}`;
}

/** @throws LEDGER_NOT_FOUND. With `lock` the row waits for and keeps out other writers until the transaction ends. */
export async function getIncident(queries: Queries, id: string, options: { readonly lock?: boolean } = {}): Promise<IncidentRow> {
  const [row] = await queries.query(`select * from incidents where id = $1 ${options.lock === true ? 'for update' : ''}`, [id]);
  if (row === undefined) throw errors.notFound({ what: 'incident' });
  return fromRow<IncidentRow>(row);
}

/** The open incident of a person, else the last one; locked. Null when there never was one. */
export async function incidentOf(tx: Queries, person: string): Promise<IncidentRow | null> {
  const [row] = await tx.query(
    'select * from incidents where person = $1 order by (closed_ms is null) desc, alert_ms desc limit 1 for update',
    [person],
  );
  return row === undefined ? null : fromRow<IncidentRow>(row);
}

/** Id and level of a person's open incident, without a lock: for a bank's question. */
export async function openIncidentOf(queries: Queries, person: string): Promise<IncidentRow | null> {
  const [row] = await queries.query('select * from incidents where person = $1 and closed_ms is null', [person]);
  return row === undefined ? null : fromRow<IncidentRow>(row);
}

export async function insertIncident(tx: Queries, row: IncidentRow): Promise<void> {
  await insertRow(tx, 'incidents', row);
}

/** Columns that a change may set; the versions are kept by {@link saveIncident}. */
export type IncidentChanges = Partial<Omit<IncidentRow, 'id' | 'version' | 'actedVersion' | 'updatedMs' | 'openedScore' | 'exploreChance'>>;

/** Writes changes with the next version; `quiet` for an update of the machine. The caller holds the row's lock. */
export async function saveIncident(
  tx: Queries,
  before: IncidentRow,
  changes: IncidentChanges,
  nowMs: number,
  options: { readonly quiet?: boolean } = {},
): Promise<IncidentRow> {
  const version = before.version + 1;
  const kept = { updatedMs: nowMs, version, actedVersion: options.quiet === true ? before.actedVersion : version };
  const after: IncidentRow = { ...before, ...changes, ...kept };
  const written = await updateRow(tx, 'incidents', { id: before.id, version: before.version }, { ...changes, ...kept });
  if (!written) throw errors.staleVersion({ version: before.version });
  return after;
}

/** Adds or refreshes evidence. Returns the ids of the events that were not there before. Keeps the latest 500 of an incident. */
export async function putEvidence(tx: Queries, incidentId: string, items: readonly EvidenceItem[]): Promise<readonly string[]> {
  if (items.length === 0) return [];
  const unique = [...new Map(items.map((item) => [item.eventId, item])).values()];
  const rows = await tx.query<{ event_id: string; fresh: boolean }>(
    `insert into evidence (incident_id, event_id, t, item) select $1, e, t, i::jsonb from unnest($2::text[], $3::bigint[], $4::text[]) as r (e, t, i)
     on conflict (incident_id, event_id) do update set item = excluded.item, t = excluded.t returning event_id, (xmax = 0) as fresh`,
    [incidentId, unique.map((item) => item.eventId), unique.map((item) => item.t), unique.map((item) => JSON.stringify(item))],
  );
  await tx.query(
    'delete from evidence where incident_id = $1 and event_id in (select event_id from evidence where incident_id = $1 order by t desc, event_id offset 500)',
    [incidentId],
  );
  return rows.filter((row) => row.fresh).map((row) => row.event_id);
}

/** Evidence in the order of event time; with `eventIds` only those. */
export async function evidenceOf(queries: Queries, incidentId: string, eventIds?: readonly string[]): Promise<readonly EvidenceItem[]> {
  const rows = await queries.query<{ item: EvidenceItem }>(
    'select item from evidence where incident_id = $1 and ($2::text[] is null or event_id = any($2)) order by t, event_id',
    [incidentId, eventIds ?? null],
  );
  return rows.map((row) => row.item);
}
