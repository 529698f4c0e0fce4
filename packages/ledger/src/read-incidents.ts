import type { Hold, Incident, IncidentDetail, Level, Subject } from '@skyeye/contracts';
import { actionsOf } from './feed.ts';
import { clocksOf } from './clocks.ts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import { holdOf, holdsOf } from './holds.ts';
import { evidenceOf, type IncidentRow } from './incidents.ts';
import { namesOf } from './names.ts';
import { kinOf, phonesOf, residentsOf, type ResidentRow } from './residents.ts';
import { fromRow } from './rows.ts';
import { taskOf, tasksOf } from './tasks.ts';

/** What may be seen of a token: the masked identifier, and of a person the masked name. */
export interface MaskedText {
  readonly masked: string;
  readonly maskedName: string | null;
}
/** Masks of tokens of persons and phones; what is not known is left out. The vault reader's `masked`. */
export type MaskTokens = (tokens: readonly string[]) => Promise<ReadonlyMap<string, MaskedText>>;
export type Shown = ReadonlyMap<string, MaskedText>;

/** A person by name, where the vault has none by the masked identifier. */
export const nameIn = (shown: Shown, person: string): string => shown.get(person)?.maskedName ?? shown.get(person)?.masked ?? '';
/** A number of a phone, masked. */
export const numberIn = (shown: Shown, phone: string | null): string | null => (phone === null ? null : (shown.get(phone)?.masked ?? null));

/** What the read models take from elsewhere: masking, the county's names, the year for ages. */
export interface ReadContext {
  readonly masked: MaskTokens;
  /** Name and town code of a community, e.g. from the county's file. */
  readonly community: (code: string) => { readonly name: string; readonly town: string } | null;
  /** County time. */
  readonly nowMs: number;
}
export type TalkTrack = NonNullable<IncidentDetail['talkTrack']>;

export interface ListIncidents {
  readonly state?: 'open' | 'closed';
  readonly level?: Level;
  readonly station?: string;
  /** 1 to 500, default 200. */
  readonly limit?: number;
  /** Closed ones: those that closed before this county time. */
  readonly before?: number;
}

/** Open incidents by remaining time to loss, closed ones newest first. Nine statements whatever the number; call it in a snapshot. */
export async function listIncidents(
  queries: Queries,
  { state = 'open', level, station, limit = 200, before = Number.MAX_SAFE_INTEGER }: ListIncidents,
  context: ReadContext,
): Promise<readonly Incident[]> {
  const rows = await queries.query(
    `select * from incidents where (closed_ms is null) = $1 and ($2::text is null or level = $2) and ($3::text is null or station = $3) and coalesce(closed_ms, 0) < $4
     order by ${state === 'open' ? 'loss_at_ms, level, id' : 'closed_ms desc, id'} limit $5`,
    [state === 'open', level ?? null, station ?? null, before, limit],
  );
  return assemble(
    queries,
    rows.map((row) => fromRow<IncidentRow>(row)),
    context,
  );
}

/** Some incidents, in the order of the ids; unknown ids are left out. */
export async function incidentsById(queries: Queries, ids: readonly string[], context: ReadContext): Promise<readonly Incident[]> {
  const rows = (await queries.query('select * from incidents where id = any($1)', [ids])).map((row) => fromRow<IncidentRow>(row));
  const found = new Map((await assemble(queries, rows, context)).map((incident) => [incident.id, incident]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Everything on the incident page. @throws LEDGER_NOT_FOUND */
export async function incidentDetail(
  queries: Queries,
  id: string,
  context: ReadContext & { readonly talkTrack: (scam: Incident['scam']) => TalkTrack | null },
): Promise<IncidentDetail> {
  const [raw] = await queries.query('select * from incidents where id = $1', [id]);
  if (raw === undefined) throw errors.notFound({ what: 'incident' });
  const row = fromRow<IncidentRow>(raw);
  const [incident] = await assemble(queries, [row], context);
  if (incident === undefined) throw errors.notFound({ what: 'incident' });
  const kin = await kinOf(queries, [row.person], 20);
  const phones = await phonesOf(
    queries,
    kin.map((entry) => entry.kin),
  );
  const masked = await context.masked([...kin.map((entry) => entry.kin), ...[...phones.values()].flatMap((list) => list.slice(0, 1))]);
  return {
    ...incident,
    reasons: [...row.reasons],
    evidence: [...(await evidenceOf(queries, id))],
    actions: [...(await actionsOf(queries, id))],
    holds: (await holdsOf(queries, [id])).map(holdOf),
    kin: kin.map((entry) => {
      const phone = phones.get(entry.kin)?.[0];
      return {
        person: entry.kin,
        maskedName: nameIn(masked, entry.kin),
        relation: entry.relation ?? '亲属',
        maskedPhone: numberIn(masked, phone ?? null),
      };
    }),
    talkTrack: context.talkTrack(row.scam),
    versions: { ...row.versions },
  };
}

const SHANGHAI_MS = 8 * 3_600_000;
export const ageOf = (bornYear: number | null, nowMs: number): number | null =>
  bornYear === null ? null : Math.max(0, new Date(nowMs + SHANGHAI_MS).getUTCFullYear() - bornYear);

async function assemble(queries: Queries, rows: readonly IncidentRow[], context: ReadContext): Promise<readonly Incident[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const people = rows.map((row) => row.person);
  const residents = await residentsOf(queries, people);
  const phones = await phonesOf(queries, people);
  const clocks = await clocksOf(queries, ids);
  const sent = await tasksOf(queries, ids);
  const tasks = Map.groupBy(sent, (task) => task.incidentId);
  const names = await namesOf(queries, [...rows.map((row) => row.signedBy), ...sent.map((task) => task.assignee)]);
  const holds = Map.groupBy(await holdsOf(queries, ids), (hold) => hold.incidentId ?? '');
  const phoneOf = (row: IncidentRow): string | null => row.phone ?? phones.get(row.person)?.[0] ?? null;
  const masked = await context.masked([...new Set([...people, ...rows.flatMap((row) => phoneOf(row) ?? [])])]);
  return rows.map((row) => {
    const held = (holds.get(row.id) ?? []).map(holdOf);
    const signer = names.get(row.signedBy ?? '');
    return {
      id: row.id,
      number: row.number,
      subject: subjectOf(row, residents.get(row.person), { masked, phone: phoneOf(row), context }),
      level: row.level,
      state: row.state,
      scam: row.scam,
      score: row.score,
      expectedLossFen: row.expectedLossFen,
      lostFen: row.lostFen,
      savedFen: savedBy(held),
      lossAtMs: row.lossAtMs,
      why: row.why,
      sources: [...row.sources],
      live: row.live,
      alerts: row.alerts,
      station: row.station,
      stationName: row.stationName,
      signedBy: row.signedBy,
      ...(signer === undefined ? {} : { signedByName: signer }),
      signedMs: row.signedMs,
      createdMs: row.createdMs,
      updatedMs: row.updatedMs,
      closedMs: row.closedMs,
      result: row.result,
      clocks: [...(clocks.get(row.id) ?? [])],
      tasks: (tasks.get(row.id) ?? []).map((task) => {
        const assigneeName = names.get(task.assignee ?? '');
        return { ...taskOf(task), ...(assigneeName === undefined ? {} : { assigneeName }) };
      }),
      hold: held.find((hold) => hold.state === 'active') ?? held[0] ?? null,
      calls: row.calls,
      scoredBy: row.scoredBy,
      ...(row.exploration ? { exploration: true } : {}),
      version: row.version,
    };
  });
}

function subjectOf(
  row: IncidentRow,
  resident: ResidentRow | undefined,
  { masked, phone, context }: { masked: Shown; phone: string | null; context: ReadContext },
): Subject {
  const community = resident?.community ?? null;
  const place = community === null ? null : context.community(community);
  return {
    person: row.person,
    maskedName: nameIn(masked, row.person),
    sex: resident?.sex ?? null,
    age: ageOf(resident?.bornYear ?? null, context.nowMs),
    maskedPhone: numberIn(masked, phone),
    town: place?.town ?? null,
    community,
    communityName: place?.name ?? null,
    liveAlone: resident?.liveAlone ?? null,
    position: row.position,
  };
}

/** Money that stands still because of a hold, or that a confirmed one kept. */
const savedBy = (holds: readonly Hold[]): number =>
  holds
    .filter((hold) => hold.outcome !== 'allow' && (hold.state === 'active' || hold.state === 'confirmed'))
    .reduce((sum, hold) => sum + hold.amountFen, 0);
