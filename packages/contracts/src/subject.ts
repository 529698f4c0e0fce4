import { z } from 'zod';
import { reason } from './assessment.ts';
import { bilingual, fen, level, timeMs, token } from './domain.ts';

/** What is assessed beside persons: an account that money goes to, and a number that calls. */
export const SUBJECT_KINDS = ['account', 'number'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/**
 * What follows from a level of an account or a number. `draft_*` puts an order before a person and sends nothing: the machine never
 * stops an account or blocks a line (invariant 4).
 */
export const SUBJECT_ACTIONS = ['watch', 'share', 'raise_hold', 'draft_stop_payment', 'warn_callees', 'draft_block'] as const;
export type SubjectAction = (typeof SUBJECT_ACTIONS)[number];

/** Who paid the account, or was called by the number. Tokens. */
export const counterpart = z.object({
  key: token,
  /** Whose account or phone it is, where that is known. */
  person: token.nullable(),
  t: timeMs,
  amountFen: fen.nullable(),
});
export type Counterpart = z.infer<typeof counterpart>;

/** What the scorer says about one account or number after one event. One per episode and level; the id is made of subject and cause. */
export const subjectAssessment = z.object({
  id: z.string(),
  kind: z.enum(SUBJECT_KINDS),
  /** The account or the number. */
  key: token,
  t: timeMs,
  causeEventId: z.string().nullable(),
  /** Start of the episode: when it was said for the first time. */
  sinceMs: timeMs,
  /** Probability that it works for scammers, 0..1. */
  score: z.number().min(0).max(1),
  /** Null: withdrawn. */
  level: level.nullable(),
  scam: z.enum(['mule_ring', 'scam_caller']),
  reasons: z.array(reason).max(5),
  rules: z
    .array(z.object({ id: z.string(), version: z.string(), level, says: bilingual }))
    .max(20)
    .optional(),
  actions: z.array(z.enum(SUBJECT_ACTIONS)),
  /** The newest first. */
  counterparts: z.array(counterpart).max(20),
  change: z.object({ kind: z.enum(['raised', 'corrected', 'withdrawn']), from: level, because: bilingual }).optional(),
  scoredBy: z.enum(['model+rules', 'rules']),
  versions: z.object({ catalogue: z.string(), rules: z.string(), model: z.string(), engine: z.string() }),
  ingestedAtMs: timeMs.nullable(),
});
export type SubjectAssessment = z.infer<typeof subjectAssessment>;
