import { z } from 'zod';
import { timeMs } from '../domain.ts';

/** The bar moved: what it was, what it is, and of how many cases it was made. Priority in fen: urgency × score × exposed money. */
export const barMove = z.object({ atMs: timeMs, fromFen: z.int(), barFen: z.int(), candidates: z.int(), floor: z.int() });
export type BarMove = z.infer<typeof barMove>;

/** Moves that are kept for the screen; the scorer's log has all. */
export const BAR_MOVES_KEPT = 200;

/** The bar of P1 and P2 as a scorer has it. `visitsPerDay` null: no budget, every case is sent. */
export const barSeen = z.object({
  atMs: timeMs,
  visitsPerDay: z.number().nullable(),
  barFen: z.int(),
  /** Cases of the last days that are P1 or P2 but for the bar, and those of them that no bar keeps away. */
  candidates: z.int(),
  floor: z.int(),
  /** Newest first. */
  moves: z.array(barMove),
});
export type BarSeen = z.infer<typeof barSeen>;

/** Key of the store under which a scorer says it. */
export const BAR_KEY = 'scorer:bar';

/** GET /api/budget. Counts are of the county's day. */
export const budgetSeen = z.object({
  /** Null before a scorer has said anything. */
  bar: barSeen.nullable(),
  today: z.object({
    /** Incidents of today that are, or were closed as, P1 or P2. */
    urgent: z.int(),
    /** Of them with a meeting. */
    met: z.int(),
    /** Of them still open. */
    open: z.int(),
  }),
  /** The last days, oldest first, today included. */
  days: z.array(z.object({ dayMs: timeMs, urgent: z.int(), met: z.int() })),
});
export type BudgetSeen = z.infer<typeof budgetSeen>;
