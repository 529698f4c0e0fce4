import { loadPolicies, type HOLD_FACTS, type HoldRow } from '@skyeye/catalogue';
import type { Assessment, Bilingual, HoldRequest, PaymentFacts, Value } from '@skyeye/contracts';

export interface HoldFacts {
  /** Assessment as it would be after this payment; null when nothing speaks against it. */
  readonly assessment: Assessment | null;
  readonly payment: PaymentFacts;
  readonly amountFen: number;
  readonly payeeKind: HoldRequest['payeeKind'];
}

export interface HoldDecision {
  readonly outcome: 'allow' | HoldRow['outcome'];
  /** Stable and numeric. 0000 is nothing. No telecom content. */
  readonly reasonCode: string;
  readonly reason: Bilingual;
}

const ALLOW: HoldDecision = { outcome: 'allow', reasonCode: '0000', reason: { zh: '未见风险', en: 'no risk seen' } };

/** What the bank is answered about a pending payment: the first row of the policy that holds. Pure; never throws. */
export function decideHold(facts: HoldFacts, holds: readonly HoldRow[] = loadPolicies().holds): HoldDecision {
  const said = factsOf(facts);
  const { outcome, reasonCode, reason } = holds.find(({ when }) => when.test(said) === true) ?? ALLOW;
  return { outcome, reasonCode, reason };
}

/** What is not known of a payee speaks neither for nor against it, but a payee not known to be of old counts as new. */
function factsOf({ assessment, payment, amountFen, payeeKind }: HoldFacts): Record<keyof typeof HOLD_FACTS, Value> {
  return {
    level: assessment?.level ?? 'none',
    contact: assessment !== null && (assessment.live.call || assessment.live.share),
    amount: amountFen,
    new_payee: payment.newPayee !== false,
    first_payment: payment.newPayee === true,
    own_or_kin: payment.ownOrKin === true,
    payee_age: payment.payeeAccountAgeDays,
    payee_level: payment.payeeLevel ?? 0,
    payee_paid_by_victims: payment.payeePaidByVictims === true,
    drain: payment.drain,
    official: payeeKind === 'merchant' || payeeKind === 'gov',
  };
}
