import type { Assessment, Bilingual, HoldRequest, PaymentFacts } from '@skyeye/contracts';

export interface HoldFacts {
  /** Assessment as it would be after this payment; null when nothing speaks against it. */
  readonly assessment: Assessment | null;
  readonly payment: PaymentFacts;
  readonly amountFen: number;
  readonly payeeKind: HoldRequest['payeeKind'];
}

export interface HoldDecision {
  readonly outcome: 'allow' | 'delay' | 'hold' | 'fuse';
  /** Stable and numeric. 3xxx is said of the payee, 7xxx of the customer's state, 0000 is nothing. No telecom content. */
  readonly reasonCode: string;
  readonly reason: Bilingual;
}

interface HoldRow extends HoldDecision {
  readonly when: (facts: HoldFacts) => boolean;
}

const DELAY_FROM_FEN = 500_000;
const NEW_ACCOUNT_DAYS = 30;
const LARGE_FEN = 2_000_000;

const level = ({ assessment }: HoldFacts): string => assessment?.level ?? 'none';
const ownOrKin = ({ payment }: HoldFacts): boolean => payment.ownOrKin === true;
const toNewPayee = ({ payment }: HoldFacts): boolean => payment.newPayee !== false;
const official = ({ payeeKind }: HoldFacts): boolean => payeeKind === 'merchant' || payeeKind === 'gov';
const listed = ({ payment }: HoldFacts, from: number): boolean => (payment.payeeLevel ?? 0) >= from;
const guided = ({ assessment }: HoldFacts): boolean => assessment !== null && (assessment.live.call || assessment.live.share);

/**
 * The first hold policy: first row that holds. A hold is the bank's own right (反电诈法 §18) and ends by itself; a fuse 熔断
 * is a hold in mid-transfer that must not lapse unseen. Nothing here stops or freezes an account (invariant 4).
 */
export const HOLD_POLICY: readonly HoldRow[] = [
  {
    outcome: 'fuse',
    reasonCode: '3004',
    reason: { zh: '收款账户涉案', en: 'the payee’s account is involved in a case' },
    when: (facts) => listed(facts, 2) && !ownOrKin(facts),
  },
  {
    outcome: 'fuse',
    reasonCode: '7001',
    reason: { zh: '客户疑似正遭遇电信诈骗', en: 'the customer may be being defrauded now' },
    when: (facts) =>
      level(facts) === 'P1' &&
      toNewPayee(facts) &&
      !ownOrKin(facts) &&
      (guided(facts) || listed(facts, 1) || facts.payment.payeePaidByVictims === true),
  },
  {
    outcome: 'hold',
    reasonCode: '7001',
    reason: { zh: '客户疑似正遭遇电信诈骗', en: 'the customer may be being defrauded now' },
    when: (facts) => level(facts) === 'P1' && !ownOrKin(facts),
  },
  {
    outcome: 'hold',
    reasonCode: '3005',
    reason: { zh: '收款账户近期收到被预警客户付款', en: 'warned customers have paid this payee' },
    when: ({ payment }) => payment.payeePaidByVictims === true && payment.ownOrKin !== true,
  },
  {
    outcome: 'hold',
    reasonCode: '3003',
    reason: { zh: '收款账户有风险提示', en: 'there is a warning on the payee’s account' },
    when: (facts) => listed(facts, 1) && !ownOrKin(facts),
  },
  {
    outcome: 'hold',
    reasonCode: '7002',
    reason: { zh: '客户近期涉诈风险较高', en: 'the customer is at high risk' },
    when: (facts) => level(facts) === 'P2' && toNewPayee(facts) && !ownOrKin(facts) && !official(facts),
  },
  {
    outcome: 'delay',
    reasonCode: '7001',
    reason: { zh: '客户疑似正遭遇电信诈骗', en: 'the customer may be being defrauded now' },
    when: (facts) => level(facts) === 'P1',
  },
  {
    outcome: 'delay',
    reasonCode: '7003',
    reason: { zh: '首次向该账户转账,客户有涉诈风险', en: 'first payment to this account by a customer at risk' },
    when: (facts) =>
      level(facts) === 'P3' && facts.payment.newPayee === true && facts.amountFen >= DELAY_FROM_FEN && !ownOrKin(facts) && !official(facts),
  },
  {
    outcome: 'delay',
    reasonCode: '7004',
    reason: { zh: '大额转空余额至新开账户', en: 'a large payment empties the account into a newly opened one' },
    when: ({ payment, amountFen }) =>
      payment.newPayee === true &&
      (payment.payeeAccountAgeDays ?? Infinity) <= NEW_ACCOUNT_DAYS &&
      amountFen >= LARGE_FEN &&
      (payment.drain ?? 0) >= 0.8,
  },
];

const ALLOW: HoldDecision = { outcome: 'allow', reasonCode: '0000', reason: { zh: '未见风险', en: 'no risk seen' } };

/** What the bank is answered about a pending payment. Pure; never throws. */
export function decideHold(facts: HoldFacts): HoldDecision {
  const { outcome, reasonCode, reason } = HOLD_POLICY.find(({ when }) => when(facts)) ?? ALLOW;
  return { outcome, reasonCode, reason };
}
