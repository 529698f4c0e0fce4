/**
 * Two times exist. County time is the time of the domain: windows, clocks of an incident, expiry of a hold. It can run
 * faster than the world's when a simulator drives it. Wall time is for sessions, rate limits and deadlines of requests.
 */
export interface Clock {
  /** County time, epoch milliseconds. Never goes back within a process. */
  nowMs(): number;
}

/** Where county time stood at one moment of wall time, and how fast it runs. */
export interface ClockAnchor {
  readonly countyMs: number;
  readonly wallMs: number;
  /** County seconds per wall second, 0 (paused) to 600. */
  readonly speed: number;
}

/** County time equals the wall time given: a real county, without a simulator. */
export function wallClock(wallNowMs: () => number): Clock {
  return { nowMs: wallNowMs };
}

/** A county clock that follows anchors. Between two anchors it runs on linearly; it never steps back. */
export class AnchoredClock implements Clock {
  #anchor: ClockAnchor;
  #lastMs: number;
  readonly #wallNowMs: () => number;

  constructor(anchor: ClockAnchor, wallNowMs: () => number) {
    this.#anchor = anchor;
    this.#lastMs = anchor.countyMs;
    this.#wallNowMs = wallNowMs;
  }

  /** Takes a newer anchor. One that lies behind the present time holds the clock until it is caught up. */
  follow(anchor: ClockAnchor): void {
    this.#anchor = anchor;
  }

  nowMs(): number {
    const { countyMs, wallMs, speed } = this.#anchor;
    const computed = Math.round(countyMs + Math.max(0, this.#wallNowMs() - wallMs) * speed);
    this.#lastMs = Math.max(this.#lastMs, computed);
    return this.#lastMs;
  }

  /** County milliseconds that pass in one wall millisecond. */
  get speed(): number {
    return this.#anchor.speed;
  }
}

/** A clock that stands still until it is told: for tests and replays. */
export class ManualClock implements Clock {
  #nowMs: number;
  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  advance(ms: number): void {
    this.#nowMs += ms;
  }
  set(ms: number): void {
    this.#nowMs = ms;
  }
}
