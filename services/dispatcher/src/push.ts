import { createHash } from 'node:crypto';
import {
  dropSubscription,
  markFailed,
  markSent,
  subscriptionsFor,
  takeOutbox,
  type Ledger,
  type OutboxRow,
  type PushSubscriptionRow,
} from '@skyeye/ledger';

/** What became of one push at one push service. `gone`: the terminal unsubscribed. */
export type PushAnswer = 'taken' | 'gone' | 'failed';

/** Hands a push to a browser's push service. `topic`: a later one with the same topic replaces an undelivered one. */
export interface PushSender {
  send(to: PushSubscriptionRow, body: string, options: { readonly topic: string; readonly urgent: boolean }): Promise<PushAnswer>;
}

/** Another worker takes a push over when this one has not answered for so long (wall). */
const LEASE_MS = 30_000;
const ATTEMPTS_MAX = 8;
const FIRST_WAIT_MS = 2_000;
const WAIT_MS_MAX = 300_000;

export type PushOutcome = 'sent' | 'live_only' | 'retried' | 'abandoned';

/**
 * Takes what waits in the outbox, once. At least once per terminal: `tag` in the body is the dedupe id, by which the
 * terminal replaces what it shows already. Without a sender or a subscription the live stream alone carries it.
 */
export async function turnOutbox(
  ledger: Ledger,
  sender: PushSender | null,
  wallNowMs: () => number,
  limit = 50,
): Promise<readonly PushOutcome[]> {
  const rows = await takeOutbox(ledger, wallNowMs(), LEASE_MS, limit);
  const outcomes: PushOutcome[] = [];
  for (const row of rows) outcomes.push(await pushOne(ledger, sender, row, wallNowMs));
  return outcomes;
}

async function pushOne(ledger: Ledger, sender: PushSender | null, row: OutboxRow, wallNowMs: () => number): Promise<PushOutcome> {
  const terminals = sender === null ? [] : await subscriptionsFor(ledger, row.target);
  if (sender === null || terminals.length === 0) {
    await markSent(ledger, row.id, wallNowMs());
    return 'live_only';
  }
  const body = JSON.stringify({ ...row.payload, tag: row.dedupe });
  const topic = createHash('sha256').update(row.dedupe).digest('base64url').slice(0, 32);
  const answers = await Promise.all(
    terminals.map(async (terminal) => {
      const answer = await sender.send(terminal, body, { topic, urgent: row.payload.level === 'P1' || row.payload.level === 'P2' });
      if (answer === 'gone') await dropSubscription(ledger, terminal.endpoint);
      return answer;
    }),
  );
  if (!answers.includes('failed')) {
    await markSent(ledger, row.id, wallNowMs());
    return 'sent';
  }
  const last = row.attempts >= ATTEMPTS_MAX;
  await markFailed(
    ledger,
    row.id,
    'the push service did not take it',
    last ? null : wallNowMs() + Math.min(FIRST_WAIT_MS * 2 ** (row.attempts - 1), WAIT_MS_MAX),
  );
  return last ? 'abandoned' : 'retried';
}
