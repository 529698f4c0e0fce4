import { RESULTS, type Level, type ResultCode, type Scam } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import { command, type CommandInput } from './commands.ts';
import type { IncidentRow } from './incidents.ts';
import type { Ledger } from './ledger.ts';
import { fromRow } from './rows.ts';

/** Every incident that a result may be learned from, or the lack of one. */
export interface LearnedIncident {
  readonly id: string;
  readonly person: string;
  readonly createdMs: number;
  readonly assessedMs: number;
  readonly level: Level;
  /** Most urgent level of the machine since the last alert. */
  readonly machineLevel: Level;
  readonly openedScore: number;
  readonly exploreChance: number;
  readonly exploration: boolean;
  readonly scam: Scam | null;
  readonly sources: readonly string[];
  readonly urban: boolean;
  readonly sex: 'm' | 'f' | null;
  readonly bornYear: number | null;
  readonly local: boolean | null;
}

/** What a person coded: from the audit, which nobody can change afterwards. */
export interface CodedRow {
  readonly incidentId: string;
  readonly atMs: number;
  readonly by: string;
  /** Unit of the account; the account where it has none. */
  readonly team: string;
  readonly kind: 'result' | 'review';
  readonly result: ResultCode;
}

/** Cases below the bar opened in the last seven days, and over how many days incidents are known. One statement. */
export async function belowBar(queries: Queries, nowMs: number): Promise<{ readonly cases: number; readonly days: number }> {
  const [row] = await queries.query<{ cases: number; first: number | null }>(
    `select count(*) filter (where machine_level in ('P3', 'P4'))::int as cases, min(created_ms) as first
     from incidents where created_ms > $1 and created_ms <= $2`,
    [nowMs - 7 * DAY_MS, nowMs],
  );
  return { cases: row?.cases ?? 0, days: row === undefined || row.first === null ? 0 : (nowMs - row.first) / DAY_MS };
}

/** Incidents opened in a time, oldest first, at most 200,000. */
export async function learnedIncidents(
  queries: Queries,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly LearnedIncident[]> {
  const rows = await queries.query(
    `select i.id, i.person, i.created_ms, i.assessed_ms, i.level, i.machine_level, i.opened_score, i.explore_chance, i.exploration,
       i.scam, i.sources, i.urban, r.sex, r.born_year, r.local
     from incidents i left join residents r on r.person = i.person
     where i.created_ms >= $1 and i.created_ms < $2 order by i.created_ms, i.id limit 200000`,
    [fromMs, toMs],
  );
  return rows.map((row) => fromRow<LearnedIncident>(row));
}

/** Results that people coded up to a time, oldest first: by the field, at closing, by a review. What a service closed by itself is none. */
export async function codedResults(
  queries: Queries,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly CodedRow[]> {
  const rows = await queries.query<{ at_ms: number; by: string; unit: string | null; kind: string; subject: string; facts: string }>(
    `select a.at_ms, a.by, accounts.unit, a.kind, a.subject, a.facts from audit a join accounts on accounts.account = a.by
     where a.kind in ('incident_resulted', 'incident_closed', 'result_reviewed') and a.at_ms >= $1 and a.at_ms <= $2 order by a.seq`,
    [fromMs, toMs],
  );
  return rows.map((row) => ({
    incidentId: row.subject,
    atMs: row.at_ms,
    by: row.by,
    team: row.unit ?? row.by,
    kind: row.kind === 'result_reviewed' ? 'review' : 'result',
    result: (JSON.parse(row.facts) as { result: ResultCode }).result,
  }));
}

/**
 * Corrects a coded result after an appeal or a second look. Whoever coded it does not review it; the first result stays in
 * actions and audit. State and clocks stay: what happened at the door happened.
 * @throws LEDGER_REVIEW_OWN, LEDGER_NOT_RESULTED, LEDGER_STALE_VERSION
 */
export function reviewResult(
  ledger: Ledger,
  input: CommandInput & {
    readonly result: ResultCode;
    readonly falseAlarmCause: string | null;
    readonly appeal: boolean;
    readonly reason: string;
  },
): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs, result, falseAlarmCause, appeal, reason } = input;
    if (row.result === null) throw errors.notResulted({ state: row.state });
    const coders = await tx.query<{ by: string }>(
      "select distinct by from audit where subject = $1 and kind in ('incident_resulted', 'incident_closed')",
      [row.id],
    );
    if (coders.some(({ by }) => by === actor.account)) throw errors.reviewOwn();
    const facts = { from: row.result, result, falseAlarmCause, appeal, reason };
    tx.journal.action({
      incidentId: row.id,
      kind: 'result_reviewed',
      atMs: nowMs,
      by: actor.account,
      facts,
      says: {
        zh: `${appeal ? '申诉成立' : '结果复核'},由「${RESULTS[row.result].zh}」改为「${RESULTS[result].zh}」`,
        en: `${appeal ? 'Appeal upheld' : 'Result reviewed'}: from “${RESULTS[row.result].en}” to “${RESULTS[result].en}”`,
      },
    });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'result_reviewed', subject: row.id, facts });
    return { result, falseAlarmCause };
  });
}

/** One line of the analysts' list of what nobody has a rule for. */
export interface UnknownRow {
  /** County day, `20260916`. */
  readonly day: string;
  readonly rank: number;
  readonly person: string;
  readonly z: number;
  readonly outFen: number;
  readonly features: readonly { readonly id: string; readonly share: number }[];
  readonly foundMs: number;
  readonly verdict: 'harmless' | 'suspicious' | null;
  readonly note: string | null;
  readonly decidedBy: string | null;
  readonly decidedMs: number | null;
}

/** The list of a day, once: a second run of the same night changes nothing. Returns how many lines are new. */
export async function putUnknowns(
  queries: Queries,
  found: readonly Pick<UnknownRow, 'day' | 'rank' | 'person' | 'z' | 'outFen' | 'features' | 'foundMs'>[],
): Promise<number> {
  let added = 0;
  for (const { day, rank, person, z, outFen, features, foundMs } of found) {
    const rows = await queries.query(
      `insert into unknowns (day, rank, person, z, out_fen, features, found_ms) values ($1, $2, $3, $4, $5, $6::jsonb, $7)
       on conflict do nothing returning 1`,
      [day, rank, person, z, outFen, JSON.stringify(features), foundMs],
    );
    added += rows.length;
  }
  return added;
}

/** The days last found, newest first, within a day by rank. */
export async function listUnknowns(queries: Queries, limit = 200): Promise<readonly UnknownRow[]> {
  const rows = await queries.query('select * from unknowns order by day desc, rank limit $1', [limit]);
  return rows.map((row) => fromRow<UnknownRow>(row));
}

/** An analyst's verdict. @throws LEDGER_NOT_FOUND, LEDGER_DECIDED_BEFORE */
export async function decideUnknown(
  ledger: Ledger,
  {
    day,
    rank,
    verdict,
    note,
    by,
    nowMs,
  }: {
    readonly day: string;
    readonly rank: number;
    readonly verdict: 'harmless' | 'suspicious';
    readonly note: string;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<void> {
  await ledger.tx(async (tx) => {
    const [row] = await tx.query<{ verdict: string | null }>('select verdict from unknowns where day = $1 and rank = $2 for update', [
      day,
      rank,
    ]);
    if (row === undefined) throw errors.notFound({ what: 'unknown' });
    if (row.verdict !== null) throw errors.decidedBefore();
    await tx.query('update unknowns set verdict = $3, note = $4, decided_by = $5, decided_ms = $6 where day = $1 and rank = $2', [
      day,
      rank,
      verdict,
      note,
      by,
      nowMs,
    ]);
    tx.journal.audit({ atMs: nowMs, by, kind: 'unknown_decided', subject: `${day}/${rank}`, facts: { verdict } });
  });
}

/** What a night's learning saw, kept under its county time; and the last one. */
export async function putLearningRun(queries: Queries, atMs: number, facts: Readonly<Record<string, unknown>>): Promise<void> {
  await queries.query(
    'insert into learning_runs (at_ms, facts) values ($1, $2::jsonb) on conflict (at_ms) do update set facts = excluded.facts',
    [atMs, JSON.stringify(facts)],
  );
}
/** The run to compare a night with: the newest that is at least `ageMs` old, else the oldest before it. */
export async function learningRunBefore(
  queries: Queries,
  nowMs: number,
  ageMs: number,
): Promise<{ readonly atMs: number; readonly facts: Readonly<Record<string, unknown>> } | null> {
  const [row] = await queries.query<{ at_ms: number; facts: Record<string, unknown> }>(
    `select at_ms, facts from learning_runs where at_ms < $1
     order by (at_ms <= $2) desc, case when at_ms <= $2 then -at_ms else at_ms end limit 1`,
    [nowMs, nowMs - ageMs],
  );
  return row === undefined ? null : { atMs: row.at_ms, facts: row.facts };
}
export async function lastLearningRun(
  queries: Queries,
): Promise<{ readonly atMs: number; readonly facts: Readonly<Record<string, unknown>> } | null> {
  const [row] = await queries.query<{ at_ms: number; facts: Record<string, unknown> }>(
    'select at_ms, facts from learning_runs order by at_ms desc limit 1',
  );
  return row === undefined ? null : { atMs: row.at_ms, facts: row.facts };
}

const DAY_MS = 86_400_000;
