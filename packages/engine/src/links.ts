/** A link that holds in [fromMs, toMs). */
export interface Link<T> {
  readonly value: T;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Versions of what a key is linked to. The version with the latest start that holds at a time wins; few per key. */
export class Links<T> {
  readonly #byKey = new Map<string, Link<T>[]>();

  /** Adds a version; one with the same start replaces the older one, so that repeating a record changes nothing. */
  set(key: string, link: Link<T>): void {
    const versions = this.#byKey.get(key);
    if (versions === undefined) {
      this.#byKey.set(key, [link]);
      return;
    }
    const same = versions.findIndex((version) => version.fromMs === link.fromMs);
    if (same >= 0) versions[same] = link;
    else {
      versions.push(link);
      versions.sort((a, b) => a.fromMs - b.fromMs);
    }
  }

  at(key: string, tMs: number): T | null {
    const versions = this.#byKey.get(key);
    if (versions === undefined) return null;
    for (let index = versions.length - 1; index >= 0; index--) {
      const version = versions[index] as Link<T>;
      if (version.fromMs <= tMs && tMs < version.toMs) return version.value;
    }
    return null;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get size(): number {
    return this.#byKey.size;
  }
}
