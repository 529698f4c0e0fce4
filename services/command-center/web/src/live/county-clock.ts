/** What the server says of county time: at `wallMs` it was `countyMs`, running `speed` times as fast as ours. */
export interface ClockAnchor {
  readonly countyMs: number;
  readonly wallMs: number;
  readonly speed: number;
}

/** The hour and minute of the county, wherever the browser stands: China keeps UTC+8 without summer time. */
const ZONE_MS = 8 * 3_600_000;

/**
 * County time now. The server's wall clock may differ from this machine's; an anchor received at `receivedMs` with a
 * wall time in our future or more than a minute in our past is taken as said on receipt.
 */
export function countyNow(anchor: ClockAnchor, receivedMs: number, nowMs: number): number {
  const skewMs = receivedMs - anchor.wallMs;
  const saidMs = skewMs < 0 || skewMs > 60_000 ? receivedMs : anchor.wallMs;
  return anchor.countyMs + (nowMs - saidMs) * anchor.speed;
}

const iso = (ms: number): string => new Date(ms + ZONE_MS).toISOString();
/** 16:21:48 */
export const clockTime = (ms: number): string => iso(ms).slice(11, 19);
/** 16:21 */
export const shortTime = (ms: number): string => iso(ms).slice(11, 16);
const DAY_MS = 86_400_000;
/** Midnights of the county between two moments. */
export const daysBetween = (fromMs: number, toMs: number): number =>
  Math.floor((toMs + ZONE_MS) / DAY_MS) - Math.floor((fromMs + ZONE_MS) / DAY_MS);
/** 09-16 16:21 */
export const dayTime = (ms: number): string => `${iso(ms).slice(5, 10)} ${iso(ms).slice(11, 16)}`;
/** 2026-09-16 16:21:48 */
export const fullTime = (ms: number): string => `${iso(ms).slice(0, 10)} ${iso(ms).slice(11, 19)}`;
