import { Growing } from './growing.ts';

const START = 4_096;
/** Behind the last byte of a text, up to a whole word: no unit has this byte. */
const PADDING = 0xff;

/** A text as it would be kept: its words, and their hash. One at a time. */
class Encoded {
  words = new Int32Array(256);
  bytes = new Uint8Array(this.words.buffer);
  /** Words. */
  length = 0;
  hash = 0;

  set(text: string): void {
    if (text.length * 3 + 4 > this.bytes.length) {
      this.words = new Int32Array(text.length * 2);
      this.bytes = new Uint8Array(this.words.buffer);
    }
    const { bytes } = this;
    let at = 0;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 0x80) bytes[at++] = unit;
      else at = this.#wide(at, rankOf(unit));
    }
    while ((at & 3) !== 0) bytes[at++] = PADDING;
    this.length = at >> 2;
    this.hash = hashOf(this.words, 0, this.length);
  }

  #wide(from: number, rank: number): number {
    const { bytes } = this;
    let at = from;
    if (rank < 0x800) bytes[at++] = 0xc0 | (rank >> 6);
    else {
      bytes[at++] = 0xe0 | (rank >> 12);
      bytes[at++] = 0x80 | ((rank >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (rank & 0x3f);
    return at;
  }
}

/** In the order of code points: surrogates stand for those above every other unit. Its own inverse is `unitOf`. */
const rankOf = (unit: number): number => (unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
const unitOf = (rank: number): number => (rank < 0xd800 ? rank : rank < 0xf800 ? rank + 0x800 : rank - 0x2000);

/** The same for the words of a text wherever they lie. */
export function hashOf(words: Int32Array, from: number, length: number): number {
  let hash = length;
  for (let index = from; index < from + length; index++) {
    hash = Math.imul(hash ^ (words[index] as number), 0x2c1b3c6d);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x297a2d39);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 16);
}

/** The text that is looked for, entered or compared next. */
export const encoded = new Encoded();

/**
 * Texts by number, packed: every unit as one to three bytes in the order of code points, every text a whole number of
 * words. As strings they would be larger, and the collector of garbage would walk over all of them. At most 4 GiB together.
 */
export class Texts {
  words: Int32Array<ArrayBuffer>;
  #bytes: Uint8Array<ArrayBuffer>;
  /** First word of each text, and of the next one. */
  starts: Int32Array<ArrayBuffer>;
  readonly #wordBytes = new Growing(START * 4);
  readonly #startBytes = new Growing(START * 4);
  size = 0;

  constructor() {
    this.words = new Int32Array(this.#wordBytes.buffer);
    this.#bytes = new Uint8Array(this.#wordBytes.buffer);
    this.starts = new Int32Array(this.#startBytes.buffer);
  }

  /** Appends words as the next text. */
  push(words: Int32Array, from: number, length: number): number {
    const number = this.size++;
    if (number + 2 > this.starts.length) this.starts = int32(this.#startBytes.room((number + 2) * 4));
    const top = this.starts[number] as number;
    if (top + length > this.words.length) {
      const buffer = this.#wordBytes.room((top + length) * 4);
      this.words = int32(buffer);
      this.#bytes = new Uint8Array(buffer);
    }
    for (let index = 0; index < length; index++) this.words[top + index] = words[from + index] as number;
    this.starts[number + 1] = top + length;
    return number;
  }

  /** Whether a text is the one of these words. */
  is(number: number, words: Int32Array, from: number, length: number): boolean {
    const start = this.starts[number] as number;
    if ((this.starts[number + 1] as number) - start !== length) return false;
    for (let index = 0; index < length; index++) if (this.words[start + index] !== words[from + index]) return false;
    return true;
  }

  hash(number: number): number {
    const start = this.starts[number] as number;
    return hashOf(this.words, start, (this.starts[number + 1] as number) - start);
  }

  /** The order of code points. */
  compare(a: number, b: number): number {
    const [bytes, from, to] = [this.#bytes, (this.starts[a] as number) * 4, (this.starts[b] as number) * 4];
    const [ofA, ofB] = [this.#end(a) - from, this.#end(b) - to];
    const least = Math.min(ofA, ofB);
    for (let index = 0; index < least; index++) {
      const difference = (bytes[from + index] as number) - (bytes[to + index] as number);
      if (difference !== 0) return difference;
    }
    return ofA - ofB;
  }

  text(number: number): string {
    const [bytes, from, to] = [this.#bytes, (this.starts[number] as number) * 4, this.#end(number)];
    let text = '';
    const units: number[] = [];
    for (let at = from; at < to;) {
      const byte = bytes[at++] as number;
      if (byte < 0x80) units.push(byte);
      else if (byte < 0xe0) units.push(unitOf(((byte & 0x1f) << 6) | ((bytes[at++] as number) & 0x3f)));
      else {
        const middle = (bytes[at++] as number) & 0x3f;
        units.push(unitOf(((byte & 0x0f) << 12) | (middle << 6) | ((bytes[at++] as number) & 0x3f)));
      }
      if (units.length < 4_096) continue;
      text += String.fromCharCode(...units);
      units.length = 0;
    }
    return text + String.fromCharCode(...units);
  }

  /** Moves a text down onto the place of an earlier number, whose predecessors are there already. */
  move(number: number, to: number): void {
    const [start, end, top] = [this.starts[number] as number, this.starts[number + 1] as number, this.starts[to] as number];
    this.words.copyWithin(top, start, end);
    this.starts[to + 1] = top + end - start;
  }

  /** Texts are kept up to a number. */
  truncate(size: number): void {
    this.size = size;
  }

  /** Byte behind the last one of a text. */
  #end(number: number): number {
    let end = (this.starts[number + 1] as number) * 4;
    const start = (this.starts[number] as number) * 4;
    while (end > start && this.#bytes[end - 1] === PADDING) end -= 1;
    return end;
  }

  get bytes(): number {
    return ((this.starts[this.size] as number) + this.size + 1) * 4;
  }
}

const int32 = (buffer: ArrayBuffer): Int32Array<ArrayBuffer> => new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
