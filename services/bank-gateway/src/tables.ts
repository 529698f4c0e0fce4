import { errorTable } from '@skyeye/foundation';
import { eventTable, metricTable } from '@skyeye/telemetry';

export const errors = errorTable('GATEWAY', {
  scoringLate: { handling: 'retry', message: 'the scorer did not answer within its share of the deadline' },
  scoringRefused: { handling: 'retry', message: 'the scorer answered that it cannot' },
  keyNotVerified: { handling: 'retry', message: 'the ledger did not say in time whether the key still holds' },
  requestStale: {
    handling: 'refuse',
    message: 'the time of the request lies more than five minutes from ours; check the clock and send it anew',
  },
  nonceRepeated: { handling: 'refuse', message: 'the nonce was used before; a retry is the same request id with a new time and nonce' },
  nonceNotChecked: { handling: 'retry', message: 'the store did not say in time whether the nonce was used before' },
  answerLate: { handling: 'retry', message: 'the decision came after the bank had been answered' },
});

export const logEvents = eventTable({
  FallbackAnswered: {
    level: 'warn',
    says: 'Scoring or storing was late or failed; the bank was told to follow its own rules (invariant 5).',
  },
  LateHoldReleased: { level: 'warn', says: 'A hold was stored after the bank had been answered; it was released at once.' },
  VaultNotTold: { level: 'warn', says: 'The vault could not take the accounts of a question; they come again with the payment itself.' },
  NonceNotChecked: {
    level: 'warn',
    says: 'The store did not answer about a nonce; the request id alone keeps the request from being done twice.',
  },
  FallbackNotCounted: {
    level: 'error',
    says: 'An answer that fell back could not be stored for the console; it is counted in the metrics.',
  },
});

export const metricEntries = metricTable({
  decided: {
    kind: 'counter',
    name: 'gateway_holds_decided_total',
    says: 'Answers to hold questions.',
    labels: { outcome: ['allow', 'delay', 'hold', 'fuse'], decidedBy: ['engine', 'fallback'] },
  },
  repeated: { kind: 'counter', name: 'gateway_holds_repeated_total', says: 'Questions answered from the stored reply.' },
  replaysRefused: {
    kind: 'counter',
    name: 'gateway_replays_refused_total',
    says: 'Requests refused for their time or for a nonce that was used before.',
    labels: { reason: ['stale', 'repeated'] },
  },
  durationMs: {
    kind: 'histogram',
    name: 'gateway_hold_duration_ms',
    says: 'Time from the question to its answer.',
    buckets: [1, 3, 5, 10, 15, 30, 50, 100, 200, 500],
  },
});

/** Shares of the 200 ms that a bank waits. Wall ms. */
export interface Deadlines {
  readonly answerMs: number;
  readonly scoringMs: number;
  readonly commitGraceMs: number;
}
export const DEADLINES: Deadlines = {
  answerMs: 185,
  scoringMs: 140,
  /** A decision that is being committed when the deadline comes is waited for so long. */
  commitGraceMs: 10,
};
