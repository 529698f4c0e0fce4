/** What became of the records of one partition of a raw topic, up to an offset. accepted = normalised + duplicate + quarantined. */
export interface PartitionAccounts {
  readonly nextOffset: number;
  readonly accepted: number;
  readonly normalised: number;
  readonly duplicate: number;
  readonly quarantined: number;
  /** Events and reference records that came out: two for a call between two parties. */
  readonly produced: number;
  readonly lastEventMs: number | null;
}

export const NO_ACCOUNTS: PartitionAccounts = {
  nextOffset: 0,
  accepted: 0,
  normalised: 0,
  duplicate: 0,
  quarantined: 0,
  produced: 0,
  lastEventMs: null,
};

/** Both together; `nextOffset` of a sum has no meaning. */
export function addAccounts(a: PartitionAccounts, b: PartitionAccounts): PartitionAccounts {
  return {
    nextOffset: a.nextOffset + b.nextOffset,
    accepted: a.accepted + b.accepted,
    normalised: a.normalised + b.normalised,
    duplicate: a.duplicate + b.duplicate,
    quarantined: a.quarantined + b.quarantined,
    produced: a.produced + b.produced,
    lastEventMs: a.lastEventMs === null ? b.lastEventMs : Math.max(a.lastEventMs, b.lastEventMs ?? 0),
  };
}

/** Delays and rates of one stream, for the source page. Bounded: the last thousand delays, and counts per wall minute. */
export class StreamPulse {
  static readonly DELAYS_MAX = 1000;
  static readonly MINUTES = 5;
  readonly #delaysMs: number[] = [];
  #next = 0;
  readonly #minutes = new Map<number, number>();

  /** One record that arrived `delayMs` of county time after it happened. */
  saw(delayMs: number, wallMs: number): void {
    this.#delaysMs[this.#next] = delayMs;
    this.#next = (this.#next + 1) % StreamPulse.DELAYS_MAX;
    const minute = Math.floor(wallMs / 60_000);
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    for (const old of this.#minutes.keys()) if (old < minute - StreamPulse.MINUTES) this.#minutes.delete(old);
  }

  /** The delay below which this share of the last thousand lies; null before the first. */
  delayMs(share: number): number | null {
    if (this.#delaysMs.length === 0) return null;
    const sorted = [...this.#delaysMs].sort((a, b) => a - b);
    return Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  }

  /** Records a wall minute, over the minutes seen of the last five. */
  perMinute(wallMs: number): number {
    const minute = Math.floor(wallMs / 60_000);
    let sum = 0;
    let first = minute;
    for (const [at, count] of this.#minutes) {
      if (at < minute - StreamPulse.MINUTES) continue;
      sum += count;
      first = Math.min(first, at);
    }
    return sum / (minute - first + 1);
  }
}
