import type { Queries } from './database.ts';
import { entryHash } from './journal.ts';

export interface AuditEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly by: string;
  readonly byName?: string;
  readonly kind: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly hash: string;
}
interface Raw {
  seq: number;
  at_ms: number;
  by: string;
  kind: string;
  subject: string;
  facts: string;
  hash: string;
}
const PAGE = 1_000;

/** Newest first. */
export async function listAudit(
  queries: Queries,
  { before = Number.MAX_SAFE_INTEGER, limit = 100 }: { before?: number; limit?: number } = {},
): Promise<readonly AuditEntry[]> {
  const rows = await queries.query<Raw & { by_name: string | null }>(
    'select audit.*, accounts.name as by_name from audit left join accounts on accounts.account = audit.by where seq < $1 order by seq desc limit $2',
    [before, limit],
  );
  return rows.map((row) => ({
    seq: row.seq,
    atMs: row.at_ms,
    by: row.by,
    ...(row.by_name === null ? {} : { byName: row.by_name }),
    kind: row.kind,
    subject: row.subject,
    facts: JSON.parse(row.facts) as Record<string, unknown>,
    hash: row.hash,
  }));
}

/**
 * Recomputes the whole chain (invariant 9). `brokenAt`: sequence of the first entry that was changed, removed or put in;
 * one past the last when the end was cut off. Cost: about 100,000 entries a second, in one snapshot if `queries` is one.
 */
export async function verifyAudit(
  queries: Queries,
): Promise<{ readonly intact: boolean; readonly brokenAt: number | null; readonly entries: number }> {
  const [head] = await queries.query<{ audit_seq: number; audit_hash: string }>('select audit_seq, audit_hash from journal_head');
  let seq = 0;
  let hash = '';
  for (;;) {
    const rows = await queries.query<Raw>('select * from audit where seq > $1 order by seq limit $2', [seq, PAGE]);
    for (const row of rows) {
      const expected = entryHash(hash, {
        seq: row.seq,
        atMs: row.at_ms,
        by: row.by,
        kind: row.kind,
        subject: row.subject,
        facts: row.facts,
      });
      if (row.seq !== seq + 1 || row.hash !== expected) return { intact: false, brokenAt: seq + 1, entries: seq };
      seq = row.seq;
      hash = row.hash;
    }
    if (rows.length < PAGE) break;
  }
  const whole = head?.audit_seq === seq && head.audit_hash === hash;
  return { intact: whole, brokenAt: whole ? null : seq + 1, entries: seq };
}
