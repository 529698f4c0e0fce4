import type { Assessment, HoldRequest, Level, Reference, Scam, StreamEvent, SubjectKind } from '@skyeye/contracts';

/** What a way of detecting says about a person. */
export interface Said {
  readonly person: string;
  readonly phone: string | null;
  readonly acct: string | null;
  readonly t: number;
  readonly level: Level;
  readonly expectedLossFen: number;
  readonly scam: Scam | null;
  /** The phone is engaged or the screen is shared, as far as seen. */
  readonly engaged: boolean;
}

/** That an account or a number was found: something is done about it from now on. */
export interface Found {
  readonly kind: SubjectKind;
  readonly key: string;
}

export interface Question {
  readonly event: StreamEvent;
  readonly amountFen: number;
  readonly payeeKind: HoldRequest['payeeKind'];
}

export interface Answer {
  readonly outcome: 'allow' | 'delay' | 'hold' | 'fuse';
  /** A feature of weight 3 spoke against the payer at this question, or had before. */
  readonly signal: boolean;
  /** What was said of the payer, this payment taken as made; null where nothing spoke against them. */
  readonly said: { readonly level: Level | null; readonly score: number } | null;
  /** What the bank does with a held payment whose payer insists. */
  readonly insists: 'release' | 'delay';
  /** What the question itself makes the command room do: who is asked about at P1 to P3 is somebody to speak with. */
  readonly alert: Said | null;
}

/** Chance that somebody is being defrauded, as a model said it at a time. */
export interface Judgement {
  readonly person: string;
  readonly t: number;
  /** Of the model alone; null where it did not answer. */
  readonly model: number | null;
  /** Of the rules alone. */
  readonly rules: number;
  /** Both together, before it is known how often that is true. */
  readonly mixed: number;
  /** The probability that is reported. */
  readonly score: number;
}

/** A way of detecting, as a county is run with it: events in the order of arrival, questions before payments. */
export interface Subject {
  readonly name: string;
  learn(records: readonly Reference[]): void;
  fold(events: readonly StreamEvent[]): Promise<readonly Said[]>;
  tick(nowMs: number): Promise<readonly Said[]>;
  ask(question: Question): Promise<Answer>;
  /** Accounts and numbers found since this was asked last. */
  found(): readonly Found[];
  /** Part of the time of folding that accounts and numbers took, 0..1; absent where nothing measures it. */
  othersShare?(): number;
  /** County time at which the first feature of weight 3 fired for a person, by arrival; undefined where none did. */
  signalMs(person: string): number | undefined;
  judgements(): readonly Judgement[];
}

export const saidOf = (made: Assessment): Said[] =>
  made.level === null
    ? []
    : [
        {
          person: made.person,
          phone: made.phone,
          acct: made.acct,
          t: made.t,
          level: made.level,
          expectedLossFen: made.expectedLossFen,
          scam: made.scam,
          engaged: made.live.call || made.live.share,
        },
      ];
