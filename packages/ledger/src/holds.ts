import type { Hold, HoldReply } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import type { LedgerTx } from './ledger.ts';
import { fromRow, insertRow } from './rows.ts';

/** A hold as it is stored; `reply` is what the bank was told, word for word. */
export interface HoldRow extends Readonly<Hold> {
  readonly incidentId: string | null;
  readonly bodyHash: string;
  readonly reply: HoldReply;
}

export const holdOf = ({ incidentId: _, bodyHash: __, reply: ___, ...hold }: HoldRow): Hold => hold;

export type NewHold = Omit<HoldRow, 'incidentId' | 'endedMs' | 'endedBy' | 'endedReason' | 'counter'>;

/** What a request id was answered before, or null. @throws LEDGER_ID_REUSED when it came with another body (invariant 6) */
export async function findHold(queries: Queries, bank: string, requestId: string, bodyHash: string): Promise<HoldRow | null> {
  const [row] = await queries.query('select * from holds where bank = $1 and request_id = $2', [bank, requestId]);
  if (row === undefined) return null;
  const hold = fromRow<HoldRow>(row);
  if (hold.bodyHash !== bodyHash) throw errors.idReused({ what: 'hold request' });
  return hold;
}

/**
 * Stores a decision once. A second sending of the same request gives the first decision, with `fresh` false.
 * A hold that stands is told to the person's open incident.
 * @throws LEDGER_ID_REUSED
 */
export async function insertHold(tx: LedgerTx, hold: NewHold): Promise<{ readonly hold: HoldRow; readonly fresh: boolean }> {
  const [incident] =
    hold.person === null
      ? []
      : await tx.query<{ id: string }>('select id from incidents where person = $1 and closed_ms is null', [hold.person]);
  const row: HoldRow = { ...hold, incidentId: incident?.id ?? null, counter: null, endedMs: null, endedBy: null, endedReason: null };
  const fresh = await insertRow(tx, 'holds', row, 'on conflict (bank, request_id) do nothing');
  if (!fresh) {
    const stored = await findHold(tx, hold.bank, hold.requestId, hold.bodyHash);
    if (stored === null) throw errors.conflict({ what: 'hold' });
    return { hold: stored, fresh: false };
  }
  const facts = { bank: hold.bank, outcome: hold.outcome, amountFen: hold.amountFen, reasonCode: hold.reasonCode };
  tx.journal.audit({ atMs: hold.createdMs, by: hold.bank, kind: 'hold_decided', subject: hold.id, facts });
  if (hold.outcome !== 'allow' && row.incidentId !== null) {
    const yuan = Math.round(hold.amountFen / 100).toLocaleString('en-US');
    const word = { allow: '放行', delay: '改24小时到账', hold: '暂缓30分钟', fuse: '熔断' }[hold.outcome];
    tx.journal.action({
      incidentId: row.incidentId,
      kind: 'hold_placed',
      atMs: hold.createdMs,
      by: hold.bank,
      facts,
      says: { zh: `银行${word}:一笔${yuan}元的转账`, en: `Bank: ${hold.outcome} on a transfer of ${yuan} yuan` },
    });
  }
  return { hold: row, fresh: true };
}

/** Answers other than allow since a time: of one account, and of all accounts by the codes given. One round trip. */
export async function disturbancesSince(
  queries: Queries,
  { acct, codes, sinceMs }: { readonly acct: string; readonly codes: readonly string[]; readonly sinceMs: number },
): Promise<{ readonly customer: number; readonly county: number }> {
  const [row] = await queries.query<{ customer: number; county: number }>(
    `select count(*) filter (where acct = $1)::int as customer, count(*) filter (where reason_code = any($2))::int as county
       from holds where outcome <> 'allow' and created_ms >= $3`,
    [acct, codes, sinceMs],
  );
  return row ?? { customer: 0, county: 0 };
}

/** What the bank was told is not what was decided: the answer came without it. The hold says from now on what was told. */
export async function replaceReply(tx: Queries, id: string, reply: HoldReply): Promise<void> {
  await tx.query('update holds set reply = $2::jsonb, outcome = $3, reason_code = $4 where id = $1', [
    id,
    JSON.stringify(reply),
    reply.outcome,
    reply.reasonCode,
  ]);
}

export interface EndHold {
  readonly id: string;
  readonly state: 'confirmed' | 'released' | 'expired';
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
  readonly counter?: Readonly<Record<string, string>>;
}
const ENDS = {
  confirmed: { kind: 'hold_confirmed', zh: '银行确认暂缓,钱未转出', en: 'Hold confirmed by the bank, the money stayed' },
  released: { kind: 'hold_released', zh: '银行解除暂缓', en: 'Hold released by the bank' },
  expired: { kind: 'hold_expired', zh: '暂缓期满,自动解除', en: 'Hold expired by itself' },
} as const;

/** Ends an active hold. Ending it again the same way changes nothing and gives what stands; `changed` says which. @throws LEDGER_NOT_FOUND */
export async function endHold(
  tx: LedgerTx,
  { id, state, atMs, by, reason, counter }: EndHold,
): Promise<{ readonly hold: HoldRow; readonly changed: boolean }> {
  const rows = await tx.query(
    "update holds set state = $2, ended_ms = $3, ended_by = $4, ended_reason = $5, counter = coalesce($6::jsonb, counter) where id = $1 and state = 'active' returning *",
    [id, state, atMs, by, reason, counter === undefined ? null : JSON.stringify(counter)],
  );
  const [row] = rows.length > 0 ? rows : await tx.query('select * from holds where id = $1', [id]);
  if (row === undefined) throw errors.notFound({ what: 'hold' });
  const hold = fromRow<HoldRow>(row);
  if (rows.length === 0) return { hold, changed: false };
  tx.journal.audit({ atMs, by, kind: ENDS[state].kind, subject: id, facts: { reason, bank: hold.bank, amountFen: hold.amountFen } });
  if (hold.incidentId !== null) {
    tx.journal.action({
      incidentId: hold.incidentId,
      kind: ENDS[state].kind,
      atMs,
      by,
      says: { zh: ENDS[state].zh, en: ENDS[state].en },
      facts: { bank: hold.bank, amountFen: hold.amountFen, reason },
    });
  }
  return { hold, changed: true };
}

/** Ends every active hold whose time has come (invariant 4). Returns how many. */
export async function expireHolds(tx: LedgerTx, nowMs: number, limit = 100): Promise<number> {
  const due = await tx.query<{ id: string }>(
    "select id from holds where state = 'active' and expires_ms <= $1 order by expires_ms limit $2 for update skip locked",
    [nowMs, limit],
  );
  for (const { id } of due) await endHold(tx, { id, state: 'expired', atMs: nowMs, by: 'dispatcher', reason: '30 分钟期满' });
  return due.length;
}

/** Holds that were placed before there was an incident join it. */
export async function attachHolds(tx: Queries, incidentId: string, person: string, sinceMs: number): Promise<void> {
  await tx.query('update holds set incident_id = $1 where person = $2 and incident_id is null and created_ms >= $3', [
    incidentId,
    person,
    sinceMs,
  ]);
}

/** @throws LEDGER_NOT_FOUND */
export async function getHold(queries: Queries, id: string): Promise<HoldRow> {
  const [row] = await queries.query('select * from holds where id = $1', [id]);
  if (row === undefined) throw errors.notFound({ what: 'hold' });
  return fromRow<HoldRow>(row);
}

export async function activeHolds(queries: Queries, limit = 200): Promise<readonly HoldRow[]> {
  const rows = await queries.query("select * from holds where state = 'active' order by expires_ms limit $1", [limit]);
  return rows.map((row) => fromRow<HoldRow>(row));
}

/** Newest first. */
export async function holdsOf(queries: Queries, incidentIds: readonly string[]): Promise<readonly HoldRow[]> {
  const rows = await queries.query('select * from holds where incident_id = any($1) order by created_ms desc, id', [incidentIds]);
  return rows.map((row) => fromRow<HoldRow>(row));
}
