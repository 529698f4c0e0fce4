import type { FieldType } from '@skyeye/language';

const truth = { type: 'bool' } as const;
const count = { type: 'int', unit: 'count' } as const;
const ratio = { type: 'num', unit: 'ratio' } as const;

/** What `policies/level.yaml` may read of a person at a moment. */
export const LEVEL_FACTS = {
  /** Probability of being defrauded now, 0..1: of ten with 0.8, eight are. */
  score: ratio,
  /** What rules and model say before it is known how often that is true, 0..1. Levels lean on it, probabilities come from it. */
  evidence: ratio,
  /** A model answered, so that the score is its and the rules' together. */
  modelled: truth,
  /** Live signals of weight 3 that are a sequence, type-specific, a telecom fact or the phone's own state. */
  strong: count,
  /** Those of them that innocent lives do not have: not the long call, the broken deposit and the raised limit before a payment. */
  decisive: count,
  /** Somebody steers the person: a call or a sharing is open, the phone is controlled, or a strong signal of calls or device is live. */
  control: truth,
  /** The payee is one of old, known to many, own or kin, or a public body: weight −1 or less of such signals is live. */
  mitigated: truth,
  /** Groups of features with a live signal, persons' attributes and amounts left out. */
  kinds: count,
  /** A call or a screen sharing is open. */
  contact: truth,
  /** A payment is pending, one to a new payee left within ten minutes, or cash was taken within half an hour. */
  paying: truth,
  /** Something was paid to a stranger in this episode. */
  paid: truth,
  /** Listed payee or a scam's own app, number or site. */
  known: truth,
  /** The points speak for an offender's account or line, not for a victim. */
  offender: truth,
  /** How soon money leaves, 0..1, by `policies/urgency.yaml`. */
  urgency: ratio,
  /** Score × what is exposed: money expected to leave within an hour. */
  expected_loss: { type: 'fen' },
  /** Urgency × expected loss: what cases are ranked by. */
  priority: { type: 'fen' },
  /** The priority that the county's budget of visits asks for now; 0 without a budget. */
  bar: { type: 'fen' },
  /** The screen is shared or the phone controlled while a transfer is pending: no budget is a reason to stay away. */
  floor: truth,
  /** Was P1 or P2 within this episode: who has been sent out for is not taken back by a bar that rose. */
  standing: truth,
} as const satisfies Readonly<Record<string, FieldType>>;

/** What `policies/hold.yaml` may read of a pending payment. */
export const HOLD_FACTS = {
  /** The payer's level as it would be after this payment. */
  level: { type: 'enum', values: ['none', 'P1', 'P2', 'P3', 'P4'] },
  /** Probability that the payer is being defrauded, after this payment, 0..1. */
  score: ratio,
  /** A call or a screen sharing of the payer is open. */
  contact: truth,
  amount: { type: 'fen' },
  /** The payee is not known to be one of old. */
  new_payee: truth,
  /** The payee is known to be new. */
  first_payment: truth,
  own_or_kin: truth,
  /** Days since the payee's account was opened. */
  payee_age: { type: 'int', unit: 'day' },
  /** Level of the intelligence on the payee, 0..3. */
  payee_level: { type: 'int', unit: 'level' },
  payee_paid_by_victims: truth,
  /** What was said of the payee's account: 2 it stands at P1, 1 at P2, 0 else. */
  payee_assessed: { type: 'int', unit: 'level' },
  /** Part of the balance that would leave, 0..1. */
  drain: ratio,
  /** A licensed merchant or a public body, as the bank says. */
  official: truth,
} as const satisfies Readonly<Record<string, FieldType>>;

/** What `policies/subject.yaml` may read of an account or a number at a moment. */
export const SUBJECT_FACTS = {
  /** Probability that it works for scammers, 0..1. */
  score: ratio,
  /** Live signals of weight 3. */
  strong: count,
  /** Live signals of weight 2 or 3. */
  hints: count,
  /** Who paid it, or was reached by it, within the time of `counterpartMinutes`. */
  counterparts: count,
} as const satisfies Readonly<Record<string, FieldType>>;
