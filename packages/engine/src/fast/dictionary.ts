import { hashOf } from './id-table.ts';

const START = 4096;

/**
 * Texts as small numbers. A code is given once and stays; codes taken after a mark can be given back, which is what a
 * question that leaves no trace needs. Open addressing with the hash beside the code: a text that is not meant is seldom
 * looked at, which with millions of texts costs more than anything else here.
 */
export class Dictionary {
  readonly #texts: string[] = [];
  /** Hash and code + 1 of each place. */
  #table = new Int32Array(START * 2);
  #mask = START - 1;

  /** The code of a text, a new one if need be. From 0 up. */
  code(text: string): number {
    const hash = hashOf(text);
    const table = this.#table;
    let at = hash & this.#mask;
    for (;;) {
      const known = table[at * 2 + 1] as number;
      if (known === 0) break;
      if (table[at * 2] === hash && this.#texts[known - 1] === text) return known - 1;
      at = (at + 1) & this.#mask;
    }
    const code = this.#texts.length;
    this.#texts.push(text);
    table[at * 2] = hash;
    table[at * 2 + 1] = code + 1;
    if (this.#texts.length * 2 > this.#mask) this.#grow();
    return code;
  }

  /** −1 for a text without a code. */
  find(text: string): number {
    const hash = hashOf(text);
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const known = this.#table[at * 2 + 1] as number;
      if (known === 0) return -1;
      if (this.#table[at * 2] === hash && this.#texts[known - 1] === text) return known - 1;
    }
  }

  text(code: number): string {
    return this.#texts[code] as string;
  }

  get size(): number {
    return this.#texts.length;
  }

  /** Gives back the codes from `size` on, the latest first: nothing was entered after a text, so nothing is found past it. */
  truncate(size: number): void {
    while (this.#texts.length > size) {
      const code = this.#texts.length;
      let at = hashOf(this.#texts.pop() as string) & this.#mask;
      while (this.#table[at * 2 + 1] !== code) at = (at + 1) & this.#mask;
      this.#table[at * 2 + 1] = 0;
    }
  }

  #grow(): void {
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2);
    this.#mask = before.length - 1;
    const hashes = new Int32Array(this.#texts.length);
    for (let at = 0; at < before.length; at += 2) if (before[at + 1] !== 0) hashes[(before[at + 1] as number) - 1] = before[at] as number;
    for (const [code, hash] of hashes.entries()) {
      let at = hash & this.#mask;
      while (this.#table[at * 2 + 1] !== 0) at = (at + 1) & this.#mask;
      this.#table[at * 2] = hash;
      this.#table[at * 2 + 1] = code + 1;
    }
  }

  get bytes(): number {
    return this.#table.byteLength;
  }
}
