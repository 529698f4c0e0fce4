import type { ErasureRow, ForgetRequest } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import type { Ledger, LedgerTx } from './ledger.ts';

/** A request that nobody decides upon is over after so long, county ms. */
export const ERASURE_WAITS_MS = 14 * 86_400_000;
const SHOWN = 500;

type Keys = ForgetRequest['keys'];

/** Keeps a request with whose it is, as tokens. Who it was stands in no audit entry: that would outlive what it tells of. */
export async function askErasure(
  ledger: Ledger,
  { id, keys, reason, by, nowMs }: { id: string; keys: Keys; reason: string; by: string; nowMs: number },
): Promise<void> {
  await ledger.tx(async (tx) => {
    await dropExpired(tx, nowMs);
    await tx.query('insert into erasures (id, keys, key_count, reason, asked_by, asked_ms) values ($1, $2::jsonb, $3, $4, $5, $6)', [
      id,
      JSON.stringify(keys),
      keys.length,
      reason,
      by,
      nowMs,
    ]);
    tx.journal.audit({ atMs: nowMs, by, kind: 'erasure_asked', subject: id, facts: { keys: keys.length, reason } });
  });
}

/**
 * A second person approves; approving again changes nothing. @returns the keys to erase
 * @throws LEDGER_NOT_FOUND for one that is over or unknown, LEDGER_ERASURE_OWN
 */
export async function approveErasure(ledger: Ledger, { id, by, nowMs }: { id: string; by: string; nowMs: number }): Promise<Keys> {
  return ledger.tx(async (tx) => {
    const row = await open(tx, id, nowMs);
    if (row.asked_by === by) throw errors.erasureOwn({ erasure: id });
    if (row.decided_by === null) {
      await tx.query('update erasures set decided_by = $2, decided_ms = $3 where id = $1', [id, by, nowMs]);
      tx.journal.audit({
        atMs: nowMs,
        by,
        kind: 'erasure_approved',
        subject: id,
        facts: { keys: row.keys.length, askedBy: row.asked_by },
      });
    }
    return row.keys;
  });
}

/** It is done: whose it was is dropped. Of two who hear it, one writes it down. */
export async function finishErasure(ledger: Ledger, { id, by, nowMs }: { id: string; by: string; nowMs: number }): Promise<void> {
  await ledger.tx(async (tx) => {
    const [row] = await tx.query<{ key_count: number; asked_by: string }>(
      'update erasures set keys = null, done_ms = $2 where id = $1 and done_ms is null and decided_by is not null returning key_count, asked_by',
      [id, nowMs],
    );
    if (row !== undefined)
      tx.journal.audit({ atMs: nowMs, by, kind: 'erasure_done', subject: id, facts: { keys: row.key_count, askedBy: row.asked_by } });
  });
}

/** @throws LEDGER_NOT_FOUND for one that is over, approved or unknown, LEDGER_ERASURE_OWN */
export async function refuseErasure(
  ledger: Ledger,
  { id, by, reason, nowMs }: { id: string; by: string; reason: string; nowMs: number },
): Promise<void> {
  await ledger.tx(async (tx) => {
    const row = await open(tx, id, nowMs);
    if (row.asked_by === by) throw errors.erasureOwn({ erasure: id });
    if (row.decided_by !== null) throw errors.notFound({ what: 'request that waits' });
    await tx.query('update erasures set keys = null, decided_by = $2, decided_ms = $3, refusal = $4 where id = $1', [
      id,
      by,
      nowMs,
      reason,
    ]);
    tx.journal.audit({ atMs: nowMs, by, kind: 'erasure_refused', subject: id, facts: { reason, askedBy: row.asked_by } });
  });
}

/** Newest first, with the audit entry that is the receipt. */
export async function listErasures(queries: Queries, nowMs: number): Promise<readonly ErasureRow[]> {
  const rows = await queries.query<{
    id: string;
    key_count: number;
    reason: string;
    asked_by: string;
    asked_ms: number;
    decided_by: string | null;
    decided_ms: number | null;
    refusal: string | null;
    done_ms: number | null;
    receipt_seq: number | null;
    receipt_hash: string | null;
  }>(
    `with shown as (select * from erasures order by asked_ms desc, id limit $1)
     select shown.*, audit.seq as receipt_seq, audit.hash as receipt_hash
     from shown left join audit on audit.kind = 'erasure_done' and audit.subject = shown.id
     order by shown.asked_ms desc, shown.id`,
    [SHOWN],
  );
  return rows.map((row): ErasureRow => {
    const state =
      row.refusal !== null
        ? 'refused'
        : row.done_ms !== null
          ? 'done'
          : row.decided_by !== null
            ? 'approved'
            : nowMs - row.asked_ms > ERASURE_WAITS_MS
              ? 'expired'
              : 'asked';
    return {
      id: row.id,
      state,
      keys: row.key_count,
      reason: row.reason,
      askedBy: row.asked_by,
      askedMs: row.asked_ms,
      decidedBy: row.decided_by,
      decidedMs: row.decided_ms,
      refusal: row.refusal,
      doneMs: row.done_ms,
      receipt: row.receipt_seq === null || row.receipt_hash === null ? null : { seq: row.receipt_seq, hash: row.receipt_hash },
    };
  });
}

async function open(tx: LedgerTx, id: string, nowMs: number): Promise<{ keys: Keys; asked_by: string; decided_by: string | null }> {
  await dropExpired(tx, nowMs);
  const [row] = await tx.query<{ keys: Keys | null; asked_by: string; decided_by: string | null }>(
    'select keys, asked_by, decided_by from erasures where id = $1 for update',
    [id],
  );
  if (row === undefined || row.keys === null) throw errors.notFound({ what: 'request to be erased' });
  return { ...row, keys: row.keys };
}

async function dropExpired(tx: Queries, nowMs: number): Promise<void> {
  await tx.query('update erasures set keys = null where keys is not null and decided_by is null and asked_ms < $1', [
    nowMs - ERASURE_WAITS_MS,
  ]);
}
