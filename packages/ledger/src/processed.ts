import type { Queries } from './database.ts';
import { errors } from './errors.ts';

/**
 * Marks an id as done within the transaction: true the first time, false when it was done before. Two transactions with
 * the same id wait for each other.
 */
export async function markProcessed(tx: Queries, kind: string, id: string, atMs: number): Promise<boolean> {
  const rows = await tx.query('insert into processed (kind, id, at_ms) values ($1, $2, $3) on conflict do nothing returning 1', [
    kind,
    id,
    atMs,
  ]);
  return rows.length > 0;
}

/** As markProcessed for a request of a person, who may send it again. @throws LEDGER_ID_REUSED when the body differs */
export async function onceWithBody(
  tx: Queries,
  { kind, id, atMs, hash }: { kind: string; id: string; atMs: number; hash: string },
): Promise<boolean> {
  const rows = await tx.query(
    'insert into processed (kind, id, at_ms, body_hash) values ($1, $2, $3, $4) on conflict do nothing returning 1',
    [kind, id, atMs, hash],
  );
  if (rows.length > 0) return true;
  const [stored] = await tx.query<{ body_hash: string | null }>('select body_hash from processed where kind = $1 and id = $2', [kind, id]);
  if (stored?.body_hash !== hash) throw errors.idReused({ what: kind });
  return false;
}

/** Forgets ids that no log and no terminal can bring again. Returns how many went. */
export async function pruneProcessed(queries: Queries, beforeMs: number): Promise<number> {
  const rows = await queries.query(
    'delete from processed where ctid in (select ctid from processed where at_ms < $1 limit 5000) returning 1',
    [beforeMs],
  );
  return rows.length;
}
