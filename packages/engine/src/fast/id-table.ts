import { Growing } from './growing.ts';
import { HashIndex, SEGMENT_MASK } from './hash-index.ts';
import { encoded, Texts } from './texts.ts';

const START = 4_096;

/** The rows of events by id: an event is taken once. Ids may be taken back in reverse order. */
export class IdTable {
  /** Ids, by number of the event. */
  readonly texts = new Texts();
  /** Rows by number of the event. */
  rows: Int32Array<ArrayBuffer>;
  readonly #rowBytes = new Growing(START * 4);
  readonly #index = new HashIndex();
  #dropped = 0;
  /** While the numbers are made anew: those below the first are new, those from the second on are old. */
  #packed = 0;
  #packing = -1;

  constructor() {
    this.rows = new Int32Array(this.#rowBytes.buffer);
  }

  /** The row of an id, 0 without one. */
  find(id: string): number {
    encoded.set(id);
    const { words, length, hash } = encoded;
    const { texts } = this;
    const index = this.#index;
    const { places } = index;
    const from = index.from(hash);
    for (let at = hash & SEGMENT_MASK; ; at = (at + 1) & SEGMENT_MASK) {
      const known = places[(from + at) * 2 + 1] as number;
      if (known === 0) break;
      if (places[(from + at) * 2] === hash && texts.is(known - 1, words, 0, length)) return this.rows[known - 1] as number;
    }
    if (!index.hasSpilled) return 0;
    const number = index.spilled(hash).find((each) => texts.is(each, words, 0, length));
    return number === undefined ? 0 : (this.rows[number] as number);
  }

  id(number: number): string {
    return this.texts.text(number);
  }

  /** Gives the next number to an id; `enter` makes it findable. */
  push(id: string, row: number): number {
    encoded.set(id);
    return this.pushWords(encoded.words, 0, encoded.length, row);
  }

  /** The same for an id in words. */
  pushWords(words: Int32Array, from: number, length: number, row: number): number {
    const number = this.texts.push(words, from, length);
    if (number >= this.rows.length) {
      const buffer = this.#rowBytes.room((number + 1) * 4);
      this.rows = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    }
    this.rows[number] = row;
    return number;
  }

  /** Takes the latest number back. It was never entered. */
  pop(): void {
    this.texts.truncate(this.texts.size - 1);
  }

  enter(number: number): void {
    this.#index.insert(this.texts.hash(number), number);
  }

  /** Forgets an event that was entered: its number stands for nothing until the numbers are made anew. */
  drop(number: number): void {
    this.#index.remove(this.texts.hash(number), number);
    this.rows[number] = 0;
    this.#dropped += 1;
  }

  /** Whether the numbers are being made anew, so that they mean nothing beyond a step. */
  get isPacking(): boolean {
    return this.#packing >= 0;
  }

  /**
   * Gives the events new numbers without gaps, in the same order, so many at a time; call it again until it is done. Events
   * may come and be dropped between two calls. @param renumber is told of every row @returns whether it is done
   */
  pack(count: number, renumber: (row: number, number: number) => void): boolean {
    if (this.#packing < 0) [this.#packed, this.#packing] = [0, 0];
    const { rows, texts } = this;
    const end = Math.min(texts.size, this.#packing + count);
    for (; this.#packing < end; this.#packing++) {
      const number = this.#packing;
      const row = rows[number] as number;
      if (row === 0) continue;
      const to = this.#packed++;
      if (to === number) continue;
      this.#index.replace(texts.hash(number), number, to);
      texts.move(number, to);
      rows[number] = 0;
      rows[to] = row;
      renumber(row, to);
    }
    if (this.#packing < texts.size) return false;
    this.#dropped -= texts.size - this.#packed;
    texts.truncate(this.#packed);
    this.#packing = -1;
    return true;
  }

  /** Numbers given; those dropped are among them. */
  get size(): number {
    return this.texts.size;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get live(): number {
    return this.texts.size - this.#dropped;
  }

  get bytes(): number {
    return this.#index.bytes + this.texts.bytes + this.texts.size * 4;
  }
}
