/** What the server says of county time: at `wallMs` it was `countyMs`, running `speed` times as fast as ours. */
export interface ClockAnchor {
  readonly countyMs: number;
  readonly wallMs: number;
  readonly speed: number;
}

const ZONE_MS = 8 * 3_600_000;

/** County time now. Phones are often minutes off, so an anchor whose wall time differs much counts from its receipt. */
export function countyNow(anchor: ClockAnchor, receivedMs: number, nowMs: number): number {
  const skewMs = receivedMs - anchor.wallMs;
  const saidMs = skewMs < 0 || skewMs > 60_000 ? receivedMs : anchor.wallMs;
  return anchor.countyMs + (nowMs - saidMs) * anchor.speed;
}

/** 16:21, in the county wherever the phone thinks it is. */
export const shortTime = (ms: number): string => new Date(ms + ZONE_MS).toISOString().slice(11, 16);
