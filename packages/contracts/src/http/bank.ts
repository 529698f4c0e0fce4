import { z } from 'zod';
import { assessment } from '../assessment.ts';
import { fen, timeMs } from '../domain.ts';
import { ID_PATTERN, TIME_MAX_MS, TIME_MIN_MS } from '../field.ts';
import { holdOutcome, holdState } from '../incident.ts';

/** The bank's question about a pending payment of its own customer. Accounts in clear: the line is the bank's own. */
export const holdRequest = z.strictObject({
  /** Business id of the bank; the same id with the same body gives the stored reply, with another body a conflict. */
  requestId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  txid: z.string().max(64).regex(ID_PATTERN, 'an identifier has no control characters'),
  payerAccount: z.string().min(4).max(40),
  payeeAccount: z.string().min(4).max(40),
  payeeKind: z.enum(['personal', 'corp', 'merchant', 'payinst', 'otc', 'gov', 'unknown']).default('unknown'),
  payeeBank: z.string().max(32).nullable().default(null),
  payeeRegion: z.string().max(16).nullable().default(null),
  amountFen: z.int().min(1).max(1_000_000_000_000),
  balanceAfterFen: fen.nullable().default(null),
  channel: z.enum(['mobile', 'web', 'counter', 'atm', 'pos', 'qr', 'batch', 'other']),
  purpose: z.enum(['none', 'salary', 'goods', 'loan_repay', 'invest', 'deposit', 'margin', 'unfreeze', 'task', 'other']).default('none'),
  device: z.string().max(64).nullable().default(null),
  initiatedMs: z.int().min(TIME_MIN_MS, 'before 2015').max(TIME_MAX_MS, 'after 2099'),
});
export type HoldRequest = z.infer<typeof holdRequest>;
export type HoldRequestInput = z.input<typeof holdRequest>;

/** Three checks, two questions, one reminder: DOMAIN §2.8. `known` is what we know already, without telecom content. */
export const counterScript = z.object({
  checks: z.array(z.object({ id: z.enum(['holder', 'transaction', 'payee']), asks: z.string(), known: z.array(z.string()) })).length(3),
  questions: z.array(z.object({ id: z.enum(['purpose', 'guided']), asks: z.string() })).length(2),
  reminder: z.object({ template: z.string(), text: z.string() }),
});
export type CounterScript = z.infer<typeof counterScript>;

export const holdReply = z.object({
  requestId: z.string(),
  holdId: z.string().nullable(),
  outcome: holdOutcome,
  /** Stable numeric risk reason code; carries no telecom content. */
  reasonCode: z.string(),
  reason: z.string(),
  /** engine: decided by us. fallback: scoring was late or failed, the bank's own rules apply (outcome allow, reason code 9001). */
  decidedBy: z.enum(['engine', 'fallback']),
  state: holdState,
  /**
   * With hold and fuse: what to do when the customer insists after the three checks. delay: pay out with 24 hours' delay, in which
   * it can be taken back. Absent: release.
   */
  insists: z.enum(['release', 'delay']).optional(),
  expiresMs: timeMs.nullable(),
  script: counterScript.nullable(),
  decidedInMs: z.number(),
});
export type HoldReply = z.infer<typeof holdReply>;

export const holdEnd = z.strictObject({
  requestId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  reason: z.string().min(2).max(200),
  operator: z.string().min(1).max(64),
  answers: z.record(z.string().max(32), z.string().max(200)).default({}),
});
export type HoldEnd = z.infer<typeof holdEnd>;

/** Services to each other, on a private address: the scorer's answer to "what if this payment happened". */
export const peekRequest = z.strictObject({
  event: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  deadlineMs: z.int().min(1).max(1000),
});
export type PeekRequest = z.infer<typeof peekRequest>;
/** The payment as its stamps see it. Null where it is not known. */
export const paymentFacts = z.object({
  newPayee: z.boolean().nullable(),
  ownOrKin: z.boolean().nullable(),
  payeeAccountAgeDays: z.number().nullable(),
  /** 0 to 3, DOMAIN S16. */
  payeeLevel: z.int().nullable(),
  payeePaidByVictims: z.boolean().nullable(),
  /** The level at which the payee's account stands, where it is one that something is done about. */
  payeeAssessed: z.enum(['P1', 'P2']).nullable().optional(),
  /** Share of the balance that leaves, 0..1. */
  drain: z.number().nullable(),
});
export type PaymentFacts = z.infer<typeof paymentFacts>;
/** `person`: whose account it is; null where nobody is linked to it. `assessment` is never kept. */
export const peekReply = z.object({ person: z.string().nullable(), assessment: assessment.nullable(), payment: paymentFacts });
export type PeekReply = z.infer<typeof peekReply>;
/** Header of the private port between services: a secret of the installation. */
export const SERVICE_KEY_HEADER = 'x-skyeye-service-key';
export const BANK_KEY_HEADER = 'x-skyeye-key';

/** When a bank made a request (its own clock, epoch ms) and a word it uses once. */
export const REQUEST_TIME_HEADER = 'x-request-time';
export const NONCE_HEADER = 'x-nonce';
/** How far the time of a request may lie from ours, either way, wall ms. */
export const REQUEST_TIME_TOLERANCE_MS = 5 * 60_000;
/**
 * What every question and every end of a hold carries besides the key, against replays by others. Sending the same again
 * after a broken line is a new request: same body and `requestId`, new time and nonce.
 */
export const requestProof = z.object({
  [REQUEST_TIME_HEADER]: z
    .string('missing: the time of the request, epoch ms')
    .regex(/^\d{13}$/, 'not a time in epoch ms')
    .describe('when the request was made, epoch ms; refused when more than 5 minutes from our time'),
  [NONCE_HEADER]: z
    .string('missing: a word that is used once')
    .regex(/^[A-Za-z0-9_-]{16,64}$/, 'not 16 to 64 letters, digits, - or _')
    .describe('random, used once: a second request with it is refused; a retry of the same requestId takes a new one'),
});
export type RequestProof = z.infer<typeof requestProof>;
/** The headers of {@link requestProof}. */
export const proofOf = (timeMs: number, nonce: string): RequestProof => ({ [REQUEST_TIME_HEADER]: String(timeMs), [NONCE_HEADER]: nonce });
