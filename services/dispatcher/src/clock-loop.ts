import {
  closeFollowedUp,
  expireHolds,
  handleRunOut,
  pruneFeed,
  pruneOutbox,
  pruneProcessed,
  pruneSubjects,
  runOutClocks,
  type Ledger,
} from '@skyeye/ledger';
import type { Places } from '@skyeye/response';

const DAY_MS = 86_400_000;
/** A log keeps messages 7 days, a terminal may be offline for one: ids older than this cannot come again. */
const PROCESSED_KEPT_MS = 14 * DAY_MS;
const FEED_NOTICES_KEPT_MS = 2 * DAY_MS;
const OUTBOX_KEPT_MS = 2 * DAY_MS;
/** Rounds of one turn: the rest waits for the next, so that a turn ends. */
const ROUNDS_MAX = 20;

export interface TurnCounts {
  readonly clocks: readonly { readonly step: string; readonly incidentId: string }[];
  readonly holds: number;
  readonly closed: number;
}

/** One turn of the clock: everything that fell due by `nowMs` of county time, oldest first. Safe in several processes. */
export async function turnClocks(ledger: Ledger, places: Places, nowMs: number): Promise<TurnCounts> {
  const clocks: { step: string; incidentId: string }[] = [];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const due = await runOutClocks(ledger, nowMs);
    for (const clock of due)
      if (await handleRunOut(ledger, places, clock, nowMs)) clocks.push({ step: clock.step, incidentId: clock.incidentId });
    if (due.length < 100) break;
  }
  let holds = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const ended = await ledger.tx((tx) => expireHolds(tx, nowMs));
    holds += ended;
    if (ended < 100) break;
  }
  return { clocks, holds, closed: await closeFollowedUp(ledger, nowMs) };
}

/** Accounts and numbers of which nothing was said for so long. */
const SUBJECTS_KEPT_MS = 90 * 86_400_000;

/** Forgets what nobody can ask for any more. */
export async function tidy(ledger: Ledger, nowMs: number, wallNowMs: number): Promise<void> {
  await pruneProcessed(ledger, nowMs - PROCESSED_KEPT_MS);
  await pruneFeed(ledger, nowMs - FEED_NOTICES_KEPT_MS);
  await pruneOutbox(ledger, wallNowMs - OUTBOX_KEPT_MS);
  await pruneSubjects(ledger, nowMs - SUBJECTS_KEPT_MS);
}
