/**
 * Texts as small numbers. A code is given once and stays; codes taken after a mark can be given back, which is what a
 * question that leaves no trace needs.
 */
export class Dictionary {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];

  /** The code of a text, a new one if need be. From 0 up. */
  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.length;
    this.#codes.set(text, code);
    this.#texts.push(text);
    return code;
  }

  /** −2 for a text without a code: unlike any code, and unlike −1, which is "not known". */
  find(text: string): number {
    return this.#codes.get(text) ?? -2;
  }

  text(code: number): string {
    return this.#texts[code] as string;
  }

  get size(): number {
    return this.#texts.length;
  }

  /** Gives back the codes from `size` on. */
  truncate(size: number): void {
    while (this.#texts.length > size) this.#codes.delete(this.#texts.pop() as string);
  }
}
