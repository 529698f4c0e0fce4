import { Growing } from './growing.ts';
import type { HotList } from './hot-list.ts';
import type { Sketch } from './sketch.ts';

const START = 1024;

/** Words before a key's list headers: its two words, the time and the row of its latest event, and whether events of it are folded. */
export const KEY_WORDS = 6;
/** Of these words the last. */
export const FOLDED = KEY_WORDS - 1;
export const strideOf = (lists: number): number => KEY_WORDS + lists * 2;

/**
 * Keys of one kind → slots, by open addressing on two 32-bit words. Slots are given in order from 0, those of keys that
 * were dropped first. All that is known of a key lies together: the words, the latest event, the place and length of its
 * lists. Nearly all the time of folding is waiting for memory, and this is one wait instead of four.
 */
export class EntityTable {
  /** One record of `stride` words a slot. */
  heads: Int32Array<ArrayBuffer>;
  /** The records as numbers: the time of the latest event is at `slot · stride / 2 + 1`. */
  times: Float64Array<ArrayBuffer>;
  readonly stride: number;
  readonly #bytes: Growing;
  /** Hash of the key and slot + 1, for each place. */
  #hash: Int32Array<ArrayBuffer>;
  #mask: number;
  /** Slots given, free ones among them. */
  size = 0;
  readonly #free: number[] = [];
  /** Lists that have grown long, by the place of their headers. */
  readonly hot = new Map<number, HotList>();
  /** Lists whose oldest events are folded, by the place of their headers. */
  readonly sketches = new Map<number, Sketch>();

  constructor(lists: number) {
    this.stride = strideOf(lists);
    this.#bytes = new Growing(START * this.stride * 4);
    const { buffer } = this.#bytes;
    this.heads = new Int32Array(buffer);
    this.times = new Float64Array(buffer);
    this.#hash = new Int32Array(START * 4);
    this.#mask = START * 2 - 1;
  }

  /** The slot of a key, −1 without one. A key of one word has 0 as its second. */
  find(a: number, b: number): number {
    const { heads, stride } = this;
    const table = this.#hash;
    const hash = mix(a, b);
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = (table[at * 2 + 1] as number) - 1;
      if (slot < 0) return -1;
      if (table[at * 2] === hash && heads[slot * stride] === a && heads[slot * stride + 1] === b) return slot;
    }
  }

  findOrAdd(a: number, b: number): number {
    const known = this.find(a, b);
    if (known >= 0) return known;
    if ((this.size + 1) * this.stride > this.heads.length) this.#makeRoom();
    if ((this.size + 1) * 2 > this.#mask) this.#rehash();
    const slot = this.#free.pop() ?? this.size++;
    const at = slot * this.stride;
    this.heads.fill(0, at, at + this.stride);
    this.heads[at] = a;
    this.heads[at + 1] = b;
    this.#enter(slot);
    return slot;
  }

  /** Keys. */
  get live(): number {
    return this.size - this.#free.length;
  }

  /** Drops a key; its slot goes to the next one. */
  remove(slot: number): void {
    takeOut(this.#hash, mix(this.word(slot, 0), this.word(slot, 1)), slot);
    this.heads[slot * this.stride] = -1;
    if (slot === this.size - 1) this.size -= 1;
    else this.#free.push(slot);
  }

  /** Whether some of the key's events are folded. */
  isFolded(slot: number): boolean {
    return this.heads[slot * this.stride + FOLDED] !== 0;
  }

  setFolded(slot: number): void {
    this.heads[slot * this.stride + FOLDED] = 1;
  }

  word(slot: number, index: 0 | 1): number {
    return this.heads[slot * this.stride + index] as number;
  }

  /** Row of the latest event of a slot in total order; 0 without one. */
  newest(slot: number): number {
    return this.heads[slot * this.stride + 4] as number;
  }

  newestMs(slot: number): number {
    return this.times[(slot * this.stride) / 2 + 1] as number;
  }

  setNewest(slot: number, row: number, tMs: number): void {
    this.heads[slot * this.stride + 4] = row;
    this.times[(slot * this.stride) / 2 + 1] = tMs;
  }

  #enter(slot: number): void {
    const hash = mix(this.word(slot, 0), this.word(slot, 1));
    let at = hash & this.#mask;
    while (this.#hash[at * 2 + 1] !== 0) at = (at + 1) & this.#mask;
    this.#hash[at * 2] = hash;
    this.#hash[at * 2 + 1] = slot + 1;
  }

  #makeRoom(): void {
    const buffer = this.#bytes.room((this.size + 1) * this.stride * 4);
    const whole = Math.floor(buffer.byteLength / 8);
    this.heads = new Int32Array(buffer, 0, whole * 2);
    this.times = new Float64Array(buffer, 0, whole);
  }

  #rehash(): void {
    this.#hash = new Int32Array(this.#hash.length * 2);
    this.#mask = this.#hash.length / 2 - 1;
    for (let slot = 0; slot < this.size; slot++) if (this.heads[slot * this.stride] !== -1) this.#enter(slot);
  }

  get bytes(): number {
    return this.heads.byteLength + this.#hash.byteLength;
  }
}

/** Takes an entry out of a table of pairs (hash, number + 1; 0 free) whose size is a power of two. Cost: the run it stands in. */
export function takeOut(table: Int32Array, hash: number, number: number): void {
  const mask = table.length / 2 - 1;
  let at = hash & mask;
  while (table[at * 2 + 1] !== number + 1) at = (at + 1) & mask;
  // What stands behind the gap and was pushed there by it moves up, so that searches never meet it.
  for (let next = (at + 1) & mask; table[next * 2 + 1] !== 0; next = (next + 1) & mask) {
    const wanted = (table[next * 2] as number) & mask;
    if (((next - wanted) & mask) < ((next - at) & mask)) continue;
    table[at * 2] = table[next * 2] as number;
    table[at * 2 + 1] = table[next * 2 + 1] as number;
    at = next;
  }
  table[at * 2] = table[at * 2 + 1] = 0;
}

export function copied(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
