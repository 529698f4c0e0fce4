/** A list of a key, and the part of it that a window takes, apart from its start. */
export interface ListPart {
  /** Kind of key, and place of the list's header in its record. */
  readonly type: number;
  readonly list: number;
  /** Events of the last so many ms are left out; 0: none. */
  readonly untilMs: number;
  /** The current event is left out. */
  readonly prior: boolean;
}

/** What to gather of a list: rows (0), known numbers (1) or known codes (2) of a field. */
export interface Gathering extends ListPart {
  readonly word: number;
  readonly mask: number;
  readonly kind: 0 | 1 | 2;
  readonly at: number;
  /** Into the second buffer of rows. */
  readonly other: boolean;
}

/** A sequence; the list is that of its last step. */
export interface Chain extends ListPart {
  /** No step looks at another or at the current event. */
  readonly plain: boolean;
  /** Two steps of one list, the second looking at the first and not at the current event: their number; −1 otherwise. */
  readonly pairs: number;
  readonly steps: readonly Step[];
}

export interface Step {
  /** Predicate words of its rows. */
  readonly words: number;
  /** Place of the list's header within its key's. */
  readonly head: number;
  /** Place of the predicate word in a row, and bit; −1: none. */
  readonly word: number;
  readonly mask: number;
  /** Longest time since the step before. */
  readonly gapMs: number;
  /** The filter compares with the step before. */
  readonly joins: boolean;
  readonly test: ((row: number, current: number, previous: number) => boolean) | null;
  /** What the filter asks of the event by itself; null: nothing. */
  readonly own: ((row: number) => boolean) | null;
}
