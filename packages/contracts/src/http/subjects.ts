import { z } from 'zod';
import { bilingual, fen, level, timeMs } from '../domain.ts';
import { SUBJECT_ACTIONS, SUBJECT_KINDS } from '../subject.ts';

/** What a person does with a drafted order. Ordering is recorded here; the order itself goes through the national platform. */
export const subjectDraftDecision = z.strictObject({
  decision: z.enum(['ordered', 'dismissed']),
  reason: z.string().trim().min(2).max(200),
});
export type SubjectDraftDecision = z.infer<typeof subjectDraftDecision>;

/** An account or a number at risk, as the console lists it. No identifier in clear. */
export const subjectRow = z.object({
  id: z.string(),
  kind: z.enum(SUBJECT_KINDS),
  masked: z.string(),
  /** Null: withdrawn. */
  level: level.nullable(),
  score: z.number(),
  sinceMs: timeMs,
  updatedMs: timeMs,
  reasons: z.array(bilingual),
  rules: z.array(bilingual),
  actions: z.array(z.enum(SUBJECT_ACTIONS)),
  /** Who paid it or was reached by it; how many of them are residents, by masked name; money from them. */
  counterparts: z.int(),
  residents: z.array(z.string()),
  amountFen: fen,
  change: z.object({ kind: z.enum(['raised', 'corrected', 'withdrawn']), because: bilingual }).nullable(),
  scoredBy: z.enum(['model+rules', 'rules']),
  draft: z
    .object({
      kind: z.enum(['stop_payment', 'block']),
      state: z.enum(['drafted', 'ordered', 'dismissed', 'dropped']),
      by: z.string().nullable(),
      atMs: timeMs.nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type SubjectRowView = z.infer<typeof subjectRow>;

/** GET /api/subjects: of the last three days; what waits for a person first, then by level. */
export const subjectList = z.object({ subjects: z.array(subjectRow) });
export type SubjectList = z.infer<typeof subjectList>;
