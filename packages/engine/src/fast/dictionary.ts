import { HashIndex, SEGMENT_MASK } from './hash-index.ts';
import { encoded, hashOf, Texts } from './texts.ts';

/** Texts remembered as strings, a power of two: those of the event at hand are asked for many times. */
const RECENT = 8_192;

/**
 * Texts as small numbers. A code is given once and stays; codes taken after a mark can be given back, which is what a
 * question that leaves no trace needs. Open addressing with the hash beside the code: a text that is not meant is seldom
 * looked at, which with millions of texts costs more than anything else here.
 */
export class Dictionary {
  readonly #texts = new Texts();
  readonly #index = new HashIndex();
  readonly #recent: string[] = Array.from({ length: RECENT }, () => '');
  readonly #recentCodes = new Int32Array(RECENT).fill(-1);

  /** The code of a text, a new one if need be. From 0 up. */
  code(text: string): number {
    encoded.set(text);
    const code = this.codeOf(encoded.words, 0, encoded.length, encoded.hash);
    const at = code & (RECENT - 1);
    if (this.#recentCodes[at] !== code) {
      this.#recentCodes[at] = code;
      this.#recent[at] = text;
    }
    return code;
  }

  /** The code of a text in words, a new one if need be. */
  codeOf(words: Int32Array, from: number, length: number, hash = hashOf(words, from, length)): number {
    const known = this.#find(words, from, length, hash);
    if (known >= 0) return known;
    const code = this.#texts.push(words, from, length);
    this.#index.insert(hash, code);
    return code;
  }

  /** −1 for a text without a code. */
  find(text: string): number {
    encoded.set(text);
    return this.#find(encoded.words, 0, encoded.length, encoded.hash);
  }

  #find(words: Int32Array, first: number, length: number, hash: number): number {
    const index = this.#index;
    const { places } = index;
    const from = index.from(hash);
    for (let at = hash & SEGMENT_MASK; ; at = (at + 1) & SEGMENT_MASK) {
      const known = places[(from + at) * 2 + 1] as number;
      if (known === 0) break;
      if (places[(from + at) * 2] === hash && this.#texts.is(known - 1, words, first, length)) return known - 1;
    }
    return index.hasSpilled ? (index.spilled(hash).find((code) => this.#texts.is(code, words, first, length)) ?? -1) : -1;
  }

  text(code: number): string {
    const at = code & (RECENT - 1);
    if (this.#recentCodes[at] === code) return this.#recent[at] as string;
    const text = this.#texts.text(code);
    this.#recentCodes[at] = code;
    this.#recent[at] = text;
    return text;
  }

  get size(): number {
    return this.#texts.size;
  }

  /** The packed texts, for those who write them. */
  get packed(): Texts {
    return this.#texts;
  }

  /** Gives back the codes from `size` on. */
  truncate(size: number): void {
    for (let code = this.#texts.size - 1; code >= size; code--) {
      this.#index.remove(this.#texts.hash(code), code);
      if (this.#recentCodes[code & (RECENT - 1)] === code) this.#recentCodes[code & (RECENT - 1)] = -1;
    }
    this.#texts.truncate(size);
  }

  get bytes(): number {
    return this.#texts.bytes + this.#index.bytes;
  }
}
