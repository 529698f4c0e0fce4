import { z } from 'zod';
import { timeMs } from '../domain.ts';

/** What can be erased from the scoring state: a person, and the phones and accounts by which events name one. */
export const ERASED_KINDS = ['person', 'phone', 'acct'] as const;
/** Keys of one erasure: a person with all their phones and accounts. */
export const ERASED_KEYS_MAX = 64;

/** Somebody asks to be erased (PIPL art. 47): identifiers in clear, made to tokens at once and never kept. */
export const erasureAsk = z.strictObject({
  identifiers: z
    .array(z.strictObject({ kind: z.enum(ERASED_KINDS), value: z.string().trim().min(4).max(64) }))
    .min(1)
    .max(16),
  reason: z.string().trim().min(2).max(200),
});
export type ErasureAsk = z.infer<typeof erasureAsk>;

/** `keys`: how many will be erased, phones and accounts that the register links to a named person included. */
export const erasureAsked = z.object({ id: z.string(), keys: z.int() });
export type ErasureAsked = z.infer<typeof erasureAsked>;

/** `running`: ask again in a moment. `done`: neither the state nor any checkpoint has a trace. */
export const erasureState = z.object({ state: z.enum(['running', 'done']) });
export type ErasureState = z.infer<typeof erasureState>;

/** Services to each other, on a private address. The same id again tells how far it is. */
export const forgetRequest = z.strictObject({
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  keys: z
    .array(z.strictObject({ keyType: z.enum(ERASED_KINDS), key: z.string().min(1).max(128) }))
    .min(1)
    .max(ERASED_KEYS_MAX),
});
export type ForgetRequest = z.infer<typeof forgetRequest>;

/** Where a request stands. Who does not approve in time lets it expire; a refusal carries its reason. */
export const ERASURE_STATES = ['asked', 'approved', 'done', 'refused', 'expired'] as const;
export const erasureRow = z.object({
  id: z.string(),
  state: z.enum(ERASURE_STATES),
  /** Of how many keys; whose is not kept once it is over. */
  keys: z.int(),
  reason: z.string(),
  askedBy: z.string(),
  askedMs: timeMs,
  decidedBy: z.string().nullable(),
  decidedMs: timeMs.nullable(),
  /** Why it was refused. */
  refusal: z.string().nullable(),
  doneMs: timeMs.nullable(),
  /** Number and digest of the audit entry that says it is done. */
  receipt: z.object({ seq: z.int(), hash: z.string() }).nullable(),
});
export type ErasureRow = z.infer<typeof erasureRow>;
/** GET /api/erasures, newest first. */
export const erasureList = z.object({ erasures: z.array(erasureRow) });
/** POST /api/erasures/:id/refuse. */
export const erasureRefusal = z.strictObject({ reason: z.string().trim().min(4).max(200) });
