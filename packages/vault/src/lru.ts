/**
 * A map that keeps what was used lately: at least the last half of `capacity` different keys, never more than `capacity`.
 * Two generations, the older let go as a whole. A single map from which the oldest is deleted looks simpler and is not: the
 * first of a map's keys stands behind all that were deleted, and finding it took longer than making the value again.
 * Every call is O(1).
 */
export class Lru<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #half: number;

  constructor(capacity: number) {
    this.#half = Math.max(1, capacity >> 1);
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
