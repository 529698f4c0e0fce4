import { loadPolicies, type HOLD_FACTS, type HoldRow, type Policies } from '@skyeye/catalogue';
import type { Assessment, Bilingual, HoldRequest, PaymentFacts, Value } from '@skyeye/contracts';

/** Answers other than allow within 24 hours. */
export interface Disturbed {
  /** Of this customer. */
  readonly customer: number;
  /** Of all customers, by limited rows. */
  readonly county: number;
}

export interface HoldFacts {
  /** Assessment as it would be after this payment; null when nothing speaks against it. */
  readonly assessment: Assessment | null;
  readonly payment: PaymentFacts;
  readonly amountFen: number;
  readonly payeeKind: HoldRequest['payeeKind'];
  /** Default: nobody was. */
  readonly disturbed?: Disturbed;
}

export interface HoldDecision {
  readonly outcome: 'allow' | HoldRow['outcome'];
  /** Stable and numeric. 0xxx is allowed: 0000 nothing seen, 0001 not worth it, 0002 limit of the day. No telecom content. */
  readonly reasonCode: string;
  readonly reason: Bilingual;
  /** Money expected to leave if nothing is done, by the row that held first; 0 when none did. */
  readonly expectedLossFen: number;
  /** What to do when the customer of a held payment insists: let it go, or execute it with 24 hours' delay (反电诈法 §18). */
  readonly insists: HoldRow['insists'];
}

const ALLOW: HoldDecision = {
  outcome: 'allow',
  reasonCode: '0000',
  reason: { zh: '未见风险', en: 'no risk seen' },
  expectedLossFen: 0,
  insists: 'release',
};

/**
 * What the bank is answered about a pending payment: the first row of the policy that holds, is worth the disturbance and is
 * not past the limits of the day. Where none is, the code says what spared the customer. Pure; never throws.
 */
export function decideHold(
  facts: HoldFacts,
  { holds, disturbance }: Pick<Policies, 'holds' | 'disturbance'> = loadPolicies(),
): HoldDecision {
  const said = factsOf(facts);
  const { customer, county } = facts.disturbed ?? { customer: 0, county: 0 };
  const reached = customer >= disturbance.customerPerDay || county >= disturbance.countyPerDay;
  let spared: HoldDecision | undefined;
  for (const { when, outcome, reasonCode, reason, risk, limited, insists } of holds) {
    if (when.test(said) !== true) continue;
    const expectedLossFen = Math.round(Math.max(lossOf(facts.assessment), risk * facts.amountFen));
    const isWorth = expectedLossFen >= disturbance.costsFen[outcome];
    if (isWorth && !(limited && reached)) return { outcome, reasonCode, reason, expectedLossFen, insists };
    spared ??= { outcome: 'allow', ...disturbance.spared[isWorth ? 'limit' : 'cost'], expectedLossFen, insists: 'release' };
  }
  return spared ?? ALLOW;
}

/** A first small payment opens what the episode takes: that is what a disturbance is weighed against. */
const lossOf = (made: Assessment | null): number => Math.max(made?.expectedLossFen ?? 0, made?.episodeLossFen ?? 0);

/** Codes of the rows that end at the limits of the day: what counts for the county. */
export function limitedCodes({ holds }: Pick<Policies, 'holds'> = loadPolicies()): string[] {
  return [...new Set(holds.filter(({ limited }) => limited).map(({ reasonCode }) => reasonCode))];
}

/** What is not known of a payee speaks neither for nor against it, but a payee not known to be of old counts as new. */
function factsOf({ assessment, payment, amountFen, payeeKind }: HoldFacts): Record<keyof typeof HOLD_FACTS, Value> {
  return {
    level: assessment?.level ?? 'none',
    score: assessment?.score ?? 0,
    contact: assessment !== null && (assessment.live.call || assessment.live.share),
    amount: amountFen,
    new_payee: payment.newPayee !== false,
    first_payment: payment.newPayee === true,
    own_or_kin: payment.ownOrKin === true,
    payee_age: payment.payeeAccountAgeDays,
    payee_level: payment.payeeLevel ?? 0,
    payee_paid_by_victims: payment.payeePaidByVictims === true,
    payee_assessed: payment.payeeAssessed === 'P1' ? 2 : payment.payeeAssessed === 'P2' ? 1 : 0,
    drain: payment.drain,
    official: payeeKind === 'merchant' || payeeKind === 'gov',
  };
}
