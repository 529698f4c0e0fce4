import type { Level } from '@skyeye/contracts';

/** What a level is decided from. */
export interface LevelFacts {
  /** Mixed probability, 0..1. */
  readonly score: number;
  /** Live signals of weight 3 that are a sequence, type-specific, a telecom fact or the phone's own state. */
  readonly strong: number;
  /** Groups of features with a live signal, persons' attributes and amounts left out. */
  readonly kinds: number;
  /** A call or a screen sharing is open. */
  readonly contact: boolean;
  /** A payment is pending, one to a new payee left within ten minutes, or cash was taken within half an hour. */
  readonly paying: boolean;
  /** Something was paid to a stranger in this episode. */
  readonly paid: boolean;
  /** Listed payee or a scam's own app, number or site. */
  readonly known: boolean;
  /** The points speak for an offender's account or line, not for a victim. */
  readonly offender: boolean;
}

interface LevelRow {
  readonly level: Level;
  readonly says: string;
  readonly when: (facts: LevelFacts) => boolean;
}

/** First row that holds. P1 needs strong evidence of several kinds and money that can leave now: never a score alone. */
export const LEVEL_POLICY: readonly LevelRow[] = [
  { level: 'P3', says: 'an account or a line that works for scammers: a visit, not a rescue', when: ({ offender }) => offender },
  {
    level: 'P1',
    says: 'being defrauded now: strong evidence of several kinds, and a live call, sharing or payment',
    when: ({ score, strong, kinds, contact, paying }) => score >= 0.8 && strong >= 2 && kinds >= 3 && (contact || paying),
  },
  {
    level: 'P2',
    says: 'strong evidence while in contact, or after a first payment',
    when: ({ score, strong, kinds, contact, paid, paying }) => score >= 0.6 && strong >= 2 && kinds >= 2 && (contact || paid || paying),
  },
  {
    level: 'P2',
    says: 'a payment to what is known to be a scam',
    when: ({ score, known, strong, paying }) => score >= 0.08 && known && strong >= 2 && paying,
  },
  {
    level: 'P3',
    says: 'exposure with some evidence',
    when: ({ score, strong, kinds }) => (score >= 0.3 && strong >= 1) || (score >= 0.05 && strong >= 2 && kinds >= 2),
  },
  { level: 'P4', says: 'weak exposure', when: ({ score, strong, kinds }) => score >= 0.12 && (strong >= 1 || kinds >= 3) },
];

/** The level of the first policy; null below all of them. It rises and falls with the facts; the incident only rises. */
export function levelOf(facts: LevelFacts): Level | null {
  return LEVEL_POLICY.find(({ when }) => when(facts))?.level ?? null;
}
