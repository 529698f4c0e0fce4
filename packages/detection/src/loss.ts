import type { Policies } from '@skyeye/catalogue';
import type { Scam } from '@skyeye/contracts';

export interface LossFacts {
  readonly score: number;
  readonly scam: Scam | null;
  /** What leaves in the next hour if it is a scam, by the model; null where it does not say. */
  readonly hourFen: number | null;
  /** Payments that wait for a decision. */
  readonly pendingFen: number;
  /** Balances seen, or null. */
  readonly balanceFen: number | null;
  readonly nowMs: number;
  /** When the first signal of the episode fired. */
  readonly sinceMs: number;
  readonly contact: boolean;
}

/** For a person whose scam is not named yet. */
const UNKNOWN = { fen: 2_000_000, msToOutflow: 60 * 60_000 };
/** A screen or a caller is there: money may go within minutes whatever the script says. */
const CONTACT_MS_MAX = 15 * 60_000;
const SOONEST_MS = 60_000;

/**
 * Money expected to leave: the probability times what is exposed, within an hour (`fen`) and until the episode is over
 * (`episodeFen`). Exposed is the pending payment, or what the script takes by its median, within the hour by the model where it
 * answers, but not more than the balances seen. A payment that waits leaves now; otherwise the script's median time from the
 * first signal counts, shorter while somebody is on the line.
 */
export function expectedLoss(
  facts: LossFacts,
  { losses }: Pick<Policies, 'losses'>,
): { readonly fen: number; readonly episodeFen: number; readonly atMs: number } {
  const script = facts.scam === null ? UNKNOWN : losses[facts.scam];
  const reach = facts.balanceFen === null ? script.fen : Math.min(facts.balanceFen, Math.max(script.fen, facts.balanceFen * 0.5));
  const episode = Math.max(facts.pendingFen, reach);
  const hour = Math.max(facts.pendingFen, Math.min(reach, facts.hourFen ?? reach));
  const span = facts.contact ? Math.min(CONTACT_MS_MAX, script.msToOutflow) : script.msToOutflow;
  const atMs = facts.pendingFen > 0 ? facts.nowMs : Math.max(facts.nowMs + SOONEST_MS, Math.min(facts.sinceMs, facts.nowMs) + span);
  return { fen: Math.round(facts.score * hour), episodeFen: Math.round(facts.score * episode), atMs };
}

export interface UrgencyFacts {
  readonly pending: boolean;
  readonly sharing: boolean;
  readonly calling: boolean;
  readonly justPaid: boolean;
  /** From now until money is expected to leave. */
  readonly msToLoss: number;
}

/** How soon money leaves, 0..1: the most urgent of what is open; while nothing is, by the time that is left. */
export function urgencyOf(facts: UrgencyFacts, { urgency }: Pick<Policies, 'urgency'>): number {
  return Math.max(
    urgency.quiet * 0.5 ** (Math.max(0, facts.msToLoss) / urgency.halfLifeMs),
    facts.pending ? urgency.pending : 0,
    facts.sharing ? urgency.sharing : 0,
    facts.calling ? urgency.calling : 0,
    facts.justPaid ? urgency.justPaid : 0,
  );
}
