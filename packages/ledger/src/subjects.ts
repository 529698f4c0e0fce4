import { createHash } from 'node:crypto';
import type { SubjectAssessment, SubjectDraftDecision, SubjectKind } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { fromRow } from './rows.ts';

/** An account or a number in its episode, as it was said last. */
export interface SubjectRow {
  readonly id: string;
  readonly kind: SubjectKind;
  readonly key: string;
  /** Null: withdrawn. */
  readonly level: SubjectAssessment['level'];
  readonly score: number;
  readonly sinceMs: number;
  readonly updatedMs: number;
  /** The last assessment, whole. */
  readonly body: SubjectAssessment;
  readonly draft: 'stop_payment' | 'block' | null;
  /** `dropped`: what it rested on was withdrawn before anybody decided. */
  readonly draftState: 'drafted' | 'ordered' | 'dismissed' | 'dropped' | null;
  readonly decidedBy: string | null;
  readonly decidedMs: number | null;
  readonly decidedReason: string | null;
}

const SHOWN_MAX = 500;

/** Names an episode without naming whose it is. */
const episodeOf = ({ kind, key, sinceMs }: Pick<SubjectAssessment, 'kind' | 'key' | 'sinceMs'>): string =>
  `su_${createHash('sha256').update(`${kind}/${key}/${sinceMs}`).digest('base64url').slice(0, 22)}`;

const draftOf = ({ actions }: SubjectAssessment): 'stop_payment' | 'block' | null =>
  actions.includes('draft_stop_payment') ? 'stop_payment' : actions.includes('draft_block') ? 'block' : null;

/**
 * Takes assessments in their order, one transaction. A repeated one, and one that is older than what stands, changes nothing. A draft
 * is made once in an episode and audited; one that nobody has decided upon is dropped when what it rested on is withdrawn.
 */
export async function recordSubjects(ledger: Ledger, all: readonly SubjectAssessment[]): Promise<number> {
  if (all.length === 0) return 0;
  return ledger.tx(async (tx) => {
    let changed = 0;
    for (const made of all) {
      const draft = draftOf(made);
      const id = episodeOf(made);
      const [before] = await tx.query<{ draft: string | null }>('select draft from subjects where id = $1 for update', [id]);
      const [row] = await tx.query(
        `insert into subjects as s (id, kind, key, level, score, since_ms, updated_ms, assessment, body, draft, draft_state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, case when $10::text is null then null else 'drafted' end)
         on conflict (id) do update set
           level = excluded.level, score = excluded.score, updated_ms = excluded.updated_ms, assessment = excluded.assessment, body = excluded.body,
           draft = coalesce(s.draft, excluded.draft),
           draft_state = case when excluded.level is null and s.draft_state = 'drafted' then 'dropped' else coalesce(s.draft_state, excluded.draft_state) end
         where s.assessment <> excluded.assessment and s.updated_ms <= excluded.updated_ms
         returning 1`,
        [id, made.kind, made.key, made.level, made.score, made.sinceMs, made.t, made.id, JSON.stringify(made), draft],
      );
      if (row === undefined) continue;
      changed += 1;
      if (draft !== null && (before?.draft ?? null) === null)
        tx.journal.audit({
          atMs: made.t,
          by: 'scorer',
          kind: 'subject_drafted',
          subject: id,
          facts: { draft, level: made.level, score: Math.round(made.score * 100) / 100, assessment: made.id },
        });
    }
    return changed;
  });
}

/** Those of the last so many days, the latest first. */
export async function listSubjects(queries: Queries, { sinceMs }: { readonly sinceMs: number }): Promise<readonly SubjectRow[]> {
  const rows = await queries.query(
    `select id, kind, key, level, score, since_ms, updated_ms, body, draft, draft_state, decided_by, decided_ms, decided_reason
     from subjects where updated_ms >= $1
     order by draft_state = 'drafted' desc nulls last, level nulls last, updated_ms desc, id limit ${SHOWN_MAX}`,
    [sinceMs],
  );
  return rows.map((row) => fromRow<SubjectRow>(row));
}

/** Forgets episodes that ended long ago; what was ordered stays with its reasons. */
export async function pruneSubjects(queries: Queries, beforeMs: number): Promise<void> {
  await queries.query("delete from subjects where updated_ms < $1 and draft_state is distinct from 'ordered'", [beforeMs]);
}

/** A person orders what was drafted, or dismisses it. @throws LEDGER_NOT_FOUND where no draft waits */
export async function decideDraft(
  ledger: Ledger,
  { id, decision, by, reason, nowMs }: SubjectDraftDecision & { readonly id: string; readonly by: string; readonly nowMs: number },
): Promise<void> {
  await ledger.tx(async (tx) => {
    const [row] = await tx.query<{ draft: string }>(
      `update subjects set draft_state = $2, decided_by = $3, decided_ms = $4, decided_reason = $5
       where id = $1 and draft_state = 'drafted' returning draft`,
      [id, decision, by, nowMs, reason],
    );
    if (row === undefined) throw errors.notFound({ what: 'draft that waits' });
    tx.journal.audit({ atMs: nowMs, by, kind: `subject_${decision}`, subject: id, facts: { draft: row.draft, reason } });
  });
}
