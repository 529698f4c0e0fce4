/** Where chance comes from: fast-check's own, so that a seed says everything. */
export interface Source {
  nextInt(min: number, max: number): number;
}

/** Draws of what a generator needs. */
export class Draw {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  /** An integer from 0, below n. */
  below(n: number): number {
    return this.#source.nextInt(0, n - 1);
  }

  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
