import { z } from 'zod';
import { bilingual, fen, timeMs, token } from '../domain.ts';

/** What a night's learning saw and did. */
export const learningFacts = z.object({
  /** Labels known by then, and those of them that say fraud. */
  labels: z.int(),
  frauds: z.int(),
  /** Results that something else tells the truth of, and the share of them that was wrong; null when there are none. */
  checked: z.int(),
  wrongShare: z.number().nullable(),
  /** Too much of it is wrong: nothing was trained. */
  poisoned: z.boolean(),
  /** Units whose results are not believed until somebody has looked at them. */
  suspiciousTeams: z.array(z.string()),
  /** Inputs whose values are another population than in the night before, at most 20, the farthest first. */
  driftedInputs: z.array(z.object({ input: z.string(), psi: z.number(), says: bilingual.optional() })),
  /** Scam types and sources for which what is said is not what comes of it. */
  driftedCalibration: z.array(z.object({ group: z.string(), cases: z.int(), said: z.number(), real: z.number() })),
  /** `<name>/<version>` of the candidate that went to shadow, and why there is none. */
  candidate: z.string().nullable(),
  candidateNote: z.string(),
  unknowns: z.int(),
});
export type LearningFacts = z.infer<typeof learningFacts>;

/** A person-day with signals that hardly anybody has, of whom nobody knows yet. */
export const unknownRow = z.object({
  /** County day, `20260916`. */
  day: z.string(),
  rank: z.int().min(1).max(20),
  person: token,
  maskedName: z.string(),
  maskedPhone: z.string().nullable(),
  sex: z.enum(['m', 'f']).nullable(),
  age: z.int().nullable(),
  communityName: z.string().nullable(),
  /** Robust deviations above what is usual. */
  z: z.number(),
  /** Money to strangers that day. */
  outFen: fen,
  features: z.array(z.object({ id: z.string(), says: bilingual, share: z.number() })),
  foundMs: timeMs,
  verdict: z.enum(['harmless', 'suspicious']).nullable(),
  note: z.string().nullable(),
  decidedBy: z.string().nullable(),
  /** What people call that account. */
  decidedByName: z.string().optional(),
  decidedMs: timeMs.nullable(),
});
export type UnknownListed = z.infer<typeof unknownRow>;

/** GET /api/unknowns: the last ten days. */
export const unknownList = z.object({
  unknowns: z.array(unknownRow),
  lastRun: z.object({ atMs: timeMs, facts: learningFacts }).nullable(),
});
export type UnknownList = z.infer<typeof unknownList>;

export const unknownParams = z.object({ day: z.string().regex(/^\d{8}$/), rank: z.coerce.number().int().min(1).max(20) });
/** POST /api/unknowns/:day/:rank/verdict */
export const unknownVerdictBody = z.strictObject({ verdict: z.enum(['harmless', 'suspicious']), note: z.string().min(2).max(500) });
