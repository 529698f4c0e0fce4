/** A map that holds so many keys at most; past it the one written longest ago goes. Entries are plain data. */
export class RecentMap<V> {
  readonly #max: number;
  #entries = new Map<string, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** Written now: the last to go. */
  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value ?? '');
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  entries(): [string, V][] {
    return [...this.#entries];
  }

  restore(entries: readonly (readonly [string, V])[]): void {
    this.#entries = new Map(entries);
  }
}
