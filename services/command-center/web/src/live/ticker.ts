const EVERY_MS = 500;

/** Wall time in steps of half a second, one timer for the whole page, none while nobody looks. */
export class Ticker {
  #nowMs = Date.now();
  #timer: number | null = null;
  readonly #listeners = new Set<() => void>();

  readonly get = (): number => this.#nowMs;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= window.setInterval(() => {
      this.#nowMs = Date.now();
      for (const each of this.#listeners) each();
    }, EVERY_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#timer === null) return;
      window.clearInterval(this.#timer);
      this.#timer = null;
    };
  };
}
