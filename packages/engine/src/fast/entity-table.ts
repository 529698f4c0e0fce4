import { Growing } from './growing.ts';
import { HashIndex, SEGMENT_MASK } from './hash-index.ts';
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
  readonly #index = new HashIndex();
  /** Slots given, free ones among them. */
  size = 0;
  /** Latest slot given back, + 1; each has the one before as its second word. */
  #free = 0;
  #freeCount = 0;
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
  }

  /** The slot of a key, −1 without one. A key of one word has 0 as its second. */
  find(a: number, b: number): number {
    const { heads, stride } = this;
    const index = this.#index;
    const { places } = index;
    const hash = mix(a, b);
    const from = index.from(hash);
    for (let at = hash & SEGMENT_MASK; ; at = (at + 1) & SEGMENT_MASK) {
      const slot = (places[(from + at) * 2 + 1] as number) - 1;
      if (slot < 0) break;
      if (places[(from + at) * 2] === hash && heads[slot * stride] === a && heads[slot * stride + 1] === b) return slot;
    }
    return index.hasSpilled ? (index.spilled(hash).find((slot) => this.word(slot, 0) === a && this.word(slot, 1) === b) ?? -1) : -1;
  }

  findOrAdd(a: number, b: number): number {
    const known = this.find(a, b);
    if (known >= 0) return known;
    if ((this.size + 1) * this.stride > this.heads.length) this.#makeRoom();
    const slot = this.#slot();
    const { heads } = this;
    const at = slot * this.stride;
    // A call of `fill` costs more than these few words.
    for (let word = at + this.stride - 1; word > at + 1; word--) heads[word] = 0;
    heads[at] = a;
    heads[at + 1] = b;
    this.#index.insert(mix(a, b), slot);
    return slot;
  }

  #slot(): number {
    if (this.#free === 0) return this.size++;
    const slot = this.#free - 1;
    this.#free = this.word(slot, 1);
    this.#freeCount -= 1;
    return slot;
  }

  /** Keys. */
  get live(): number {
    return this.size - this.#freeCount;
  }

  /** Drops a key; its slot goes to the next one. */
  remove(slot: number): void {
    this.#index.remove(mix(this.word(slot, 0), this.word(slot, 1)), slot);
    this.heads[slot * this.stride] = -1;
    if (slot === this.size - 1) {
      this.size -= 1;
      return;
    }
    this.heads[slot * this.stride + 1] = this.#free;
    this.#free = slot + 1;
    this.#freeCount += 1;
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

  #makeRoom(): void {
    const buffer = this.#bytes.room((this.size + 1) * this.stride * 4);
    const whole = Math.floor(buffer.byteLength / 8);
    this.heads = new Int32Array(buffer, 0, whole * 2);
    this.times = new Float64Array(buffer, 0, whole);
  }

  get bytes(): number {
    return this.size * this.stride * 4 + this.#index.bytes;
  }
}

function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
