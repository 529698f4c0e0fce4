/** Seeded numbers (mulberry32): the same seed gives the same file on every machine. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Normal by Box–Muller, one of the pair. */
  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Poisson of a small mean, by Knuth's product. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }

  /** Different numbers below `from`, `count` of them, by a partial shuffle. */
  sample(count: number, from: number): number[] {
    const list = Array.from({ length: from }, (_, index) => index);
    for (let at = 0; at < count; at++) {
      const other = at + this.below(from - at);
      [list[at], list[other]] = [list[other] as number, list[at] as number];
    }
    return list.slice(0, count);
  }
}
