import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('ORDERS', {
  holdNotActive: { handling: 'refuse', message: 'the hold has ended already; nothing was changed' },
  reasonMissing: { handling: 'refuse', message: 'a hold ends early only with a reason' },
  notDueYet: { handling: 'refuse', message: 'the hold has not reached its end' },
});

/** How long a hold lasts by itself, county ms. It is the bank's own right (反电诈法 §18); it always ends without us. */
export const HOLD_MS = 30 * 60_000;

export type HoldState = 'active' | 'confirmed' | 'released' | 'expired';
export type HoldMove = 'confirm' | 'release' | 'expire';

interface MoveEntry {
  readonly from: HoldState;
  readonly to: HoldState;
  /** A person who acts says why; the clock does not. */
  readonly needsReason: boolean;
}

/** Every move of a hold. confirm: the customer gave up or the bank refused; release: the payment goes out. */
export const HOLD_MOVES: Readonly<Record<HoldMove, MoveEntry>> = {
  confirm: { from: 'active', to: 'confirmed', needsReason: true },
  release: { from: 'active', to: 'released', needsReason: true },
  expire: { from: 'active', to: 'expired', needsReason: false },
};

export interface MoveRequest {
  readonly state: HoldState;
  readonly move: HoldMove;
  readonly reason: string | null;
  readonly nowMs: number;
  readonly expiresMs: number;
}

/**
 * The state after a move.
 * @throws ORDERS_HOLD_NOT_ACTIVE, ORDERS_REASON_MISSING, ORDERS_NOT_DUE_YET
 */
export function moveHold({ state, move, reason, nowMs, expiresMs }: MoveRequest): HoldState {
  const entry = HOLD_MOVES[move];
  if (state !== entry.from) throw errors.holdNotActive({ state });
  if (entry.needsReason && (reason === null || reason.trim().length < 2)) throw errors.reasonMissing();
  if (move === 'expire' && nowMs < expiresMs) throw errors.notDueYet({ nowMs, expiresMs });
  return entry.to;
}
