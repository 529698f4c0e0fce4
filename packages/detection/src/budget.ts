import type { BudgetPolicy } from '@skyeye/catalogue';

/** A case that is P1 or P2 but for the bar. */
export interface Candidate {
  readonly person: string;
  readonly tMs: number;
  readonly priorityFen: number;
  /** Above any bar. */
  readonly floor: boolean;
}

/** Plain data: for checkpoints. */
export interface BudgetState {
  readonly barFen: number;
  /** End of the last step, event time; 0 before the first case. */
  readonly stepMs: number;
  readonly fromMs: number;
  readonly candidates: readonly Candidate[];
}

/** The bar as it is, and what it comes from. */
export interface BarSeen {
  readonly barFen: number;
  /** Cases of the longest span, and those of them that no bar keeps away. */
  readonly candidates: number;
  readonly floor: number;
}

/** Far above what a county has in the longest span; past it the oldest goes. */
const CANDIDATES_MAX = 20_000;

/**
 * Lets about so many cases a day be P1 or P2: the bar is a priority that follows what cases there are. It moves on event time
 * alone, in steps of limited size between limits, and depends on the order of causes only, never on the clock or the batching.
 * Without a budget the bar is 0 for ever. Cost: per step, sorting the cases of the longest span.
 */
export class Budget {
  readonly #perDay: number | null;
  readonly #policy: BudgetPolicy;
  readonly #candidates = new Map<string, Candidate>();
  #barFen = 0;
  #stepMs = 0;
  #fromMs = 0;

  /** `perDay`: visits a day for the whole county; null for none. */
  constructor(perDay: number | null, policy: BudgetPolicy) {
    this.#perDay = perDay;
    this.#policy = policy;
  }

  get barFen(): number {
    return this.#barFen;
  }

  seen(): BarSeen {
    const candidates = [...this.#candidates.values()];
    return { barFen: this.#barFen, candidates: candidates.length, floor: candidates.filter(({ floor }) => floor).length };
  }

  /** Event time goes on; a time behind the newest changes nothing. */
  advance(tMs: number): void {
    if (this.#perDay === null || this.#fromMs === 0) return;
    const { stepMs, spansMs } = this.#policy;
    const longest = Math.max(...spansMs);
    // After a silence longer than anything counts there is nothing to walk through.
    if (tMs - this.#stepMs > 2 * longest) this.#stepMs = Math.floor((tMs - 2 * longest) / stepMs) * stepMs;
    while (this.#stepMs + stepMs <= tMs) {
      this.#stepMs += stepMs;
      for (const [person, candidate] of this.#candidates) if (candidate.tMs <= this.#stepMs - longest) this.#candidates.delete(person);
      this.#barFen = this.#moved(Math.max(...spansMs.map((span) => this.#wanted(span, this.#perDay ?? 0))));
    }
  }

  /** A person counts once in a span, with the highest priority seen and the time of the first. */
  take(candidate: Candidate): void {
    if (this.#perDay === null) return;
    if (this.#fromMs === 0) {
      this.#fromMs = candidate.tMs;
      this.#stepMs = Math.floor(candidate.tMs / this.#policy.stepMs) * this.#policy.stepMs;
    }
    const known = this.#candidates.get(candidate.person);
    this.#candidates.set(
      candidate.person,
      known === undefined
        ? candidate
        : { ...known, priorityFen: Math.max(known.priorityFen, candidate.priorityFen), floor: known.floor || candidate.floor },
    );
    if (this.#candidates.size > CANDIDATES_MAX) this.#candidates.delete(this.#candidates.keys().next().value ?? '');
  }

  state(): BudgetState {
    return { barFen: this.#barFen, stepMs: this.#stepMs, fromMs: this.#fromMs, candidates: [...this.#candidates.values()] };
  }

  restore({ barFen, stepMs, fromMs, candidates }: BudgetState): void {
    [this.#barFen, this.#stepMs, this.#fromMs] = [barFen, stepMs, fromMs];
    this.#candidates.clear();
    for (const candidate of candidates) this.#candidates.set(candidate.person, candidate);
  }

  /** Just above the first case of a span that the budget has no room for; 0 when there is room for all. */
  #wanted(spanMs: number, perDay: number): number {
    const nowMs = this.#stepMs;
    const seenMs = Math.min(spanMs, Math.max(this.#policy.firstMs, nowMs - this.#fromMs));
    const inSpan = [...this.#candidates.values()].filter(({ tMs }) => tMs > nowMs - spanMs);
    const room = Math.max(0, (perDay * seenMs) / 86_400_000 - inSpan.filter(({ floor }) => floor).length);
    const ranked = inSpan
      .filter(({ floor }) => !floor)
      .map(({ priorityFen }) => priorityFen)
      .toSorted((a, b) => b - a);
    const beyond = ranked[Math.floor(room)];
    return beyond === undefined ? 0 : beyond + 1;
  }

  #moved(wantedFen: number): number {
    const { factorMax, leastFen, mostFen } = this.#policy;
    const highest = Math.max(this.#barFen, leastFen) * factorMax;
    const lowest = this.#barFen / factorMax;
    const bar = Math.round(Math.min(Math.max(wantedFen, lowest), highest, mostFen));
    return bar < leastFen ? 0 : bar;
  }
}
