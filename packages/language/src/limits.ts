/** What a formula may cost at most. A formula over a limit is refused with the limit's name, before anything is evaluated. */
export const LIMITS = {
  /** Characters of one formula. The longest of the first catalogue has 430. */
  formulaCharacters: 4000,
  /** Nested brackets, functions, negations. */
  depth: 24,
  /** Elements of one seq(). */
  sequenceElements: 8,
  /** Longest window or gap: ten years, which the count of accounts opened at one bank needs. */
  windowMs: 3660 * 86_400_000,
  /** Longest window in working days. */
  workingDays: 260,
  /** Members of one `in { … }`. */
  setMembers: 64,
  /** Hops of one graph function. */
  hops: 8,
  /** Latest edges of one account that a graph function looks at (the semantics' own bound). */
  edgesPerNode: 200,
} as const;

export type LimitName = keyof typeof LIMITS;
