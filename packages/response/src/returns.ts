import { errors } from './errors.ts';

/** How long a station has to say that an incident is not of its district, county ms from when it was told. */
export const RETURN_MS = 5 * 60_000;

export interface ReturnRequest {
  readonly from: string;
  readonly to: string;
  /** The station itself returns; the county's desk may send an incident elsewhere at any time. */
  readonly byStation: boolean;
  /** When the station was told. */
  readonly toldMs: number;
  readonly nowMs: number;
  /** Stations that returned this incident before. */
  readonly returned: readonly string[];
}

/**
 * Whether a station may return 退回 an incident to another: each station once and in time (DOMAIN §1.3), so that it can go on
 * from district to district and never round for ever.
 * @throws RESPONSE_RETURN_TO_SELF, RESPONSE_RETURNED_BEFORE, RESPONSE_RETURN_LATE
 */
export function checkReturn({ from, to, byStation, toldMs, nowMs, returned }: ReturnRequest): void {
  if (from === to) throw errors.returnToSelf({ station: to });
  if (byStation && returned.includes(from)) throw errors.returnedBefore({ station: from });
  if (byStation && nowMs - toldMs > RETURN_MS) throw errors.returnLate({ lateMs: nowMs - toldMs - RETURN_MS });
}
