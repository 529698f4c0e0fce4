import { Growing } from './growing.ts';

/** Places of a segment, a power of two. */
const SEGMENT = 2_048;
export const SEGMENT_MASK = SEGMENT - 1;
/** Numbers in a segment past which it is divided. */
const FULL = 1_434;
/** A segment that is divided no more, since its hashes are too much alike, is filled, and past that spills. */
const DEPTH_MAX = 20;
const NONE: readonly number[] = [];
const scratch = new Int32Array(SEGMENT * 2);

/**
 * Numbers by hash, open addressing within segments. One that is full is divided in two by the next bit of its hashes, which
 * takes some ten microseconds: the table grows with its numbers and never stops for all of them (extendible hashing, Fagin
 * et al. 1979). A search begins at `from(hash)`, goes on within the segment, and ends at a free place; behind that only what
 * has spilled is left.
 */
export class HashIndex {
  /** Hash, and number + 1, of each place; 0 is a free one. Another array once it has grown. */
  places: Int32Array<ArrayBuffer>;
  readonly #bytes = new Growing(SEGMENT * 8);
  /** First place of the segment, by the first bits of the hash. */
  #directory = new Int32Array(2);
  /** 32 less the bits that the directory looks at. */
  #shift = 31;
  /** Bits in which the hashes of a segment are the same, and how many numbers it has. */
  readonly #depths = [0];
  readonly #counts = [0];
  #spill: Map<number, number[]> | undefined;

  constructor() {
    this.places = new Int32Array(this.#bytes.buffer, 0, SEGMENT * 2);
  }

  /** First place of the segment of a hash. */
  from(hash: number): number {
    return this.#directory[hash >>> this.#shift] as number;
  }

  /** Whether anything has spilled: nearly never. */
  get hasSpilled(): boolean {
    return this.#spill !== undefined;
  }

  /** Numbers of a hash that have no place. */
  spilled(hash: number): readonly number[] {
    return this.#spill?.get(hash) ?? NONE;
  }

  insert(hash: number, number: number): void {
    let from = this.from(hash);
    while ((this.#counts[from / SEGMENT] as number) >= FULL && (this.#depths[from / SEGMENT] as number) < DEPTH_MAX) {
      this.#divide(hash);
      from = this.from(hash);
    }
    const segment = from / SEGMENT;
    if (this.#counts[segment] === SEGMENT - 1) {
      this.#spill ??= new Map();
      this.#spill.set(hash, [...this.spilled(hash), number]);
      return;
    }
    (this.#counts[segment] as number)++;
    this.#place(from, hash, number);
  }

  /** Gives a hash's number another number. */
  replace(hash: number, number: number, by: number): void {
    const at = this.#find(hash, number);
    if (at >= 0) this.places[at * 2 + 1] = by + 1;
    else this.#spill?.set(hash, [...this.spilled(hash).filter((each) => each !== number), by]);
  }

  /** Takes a number out. Cost: the run it stands in. */
  remove(hash: number, number: number): void {
    const { places } = this;
    const found = this.#find(hash, number);
    if (found < 0) {
      this.#spill?.set(
        hash,
        this.spilled(hash).filter((each) => each !== number),
      );
      return;
    }
    const from = this.from(hash);
    (this.#counts[from / SEGMENT] as number)--;
    let at = found - from;
    // What stands behind the gap and was pushed there by it moves up, so that searches never meet it.
    for (let next = (at + 1) & SEGMENT_MASK; places[(from + next) * 2 + 1] !== 0; next = (next + 1) & SEGMENT_MASK) {
      const wanted = (places[(from + next) * 2] as number) & SEGMENT_MASK;
      if (((next - wanted) & SEGMENT_MASK) < ((next - at) & SEGMENT_MASK)) continue;
      places[(from + at) * 2] = places[(from + next) * 2] as number;
      places[(from + at) * 2 + 1] = places[(from + next) * 2 + 1] as number;
      at = next;
    }
    places[(from + at) * 2] = places[(from + at) * 2 + 1] = 0;
  }

  /** Place of a number; −1 where it has none. */
  #find(hash: number, number: number): number {
    const from = this.from(hash);
    for (let at = hash & SEGMENT_MASK; ; at = (at + 1) & SEGMENT_MASK) {
      const known = this.places[(from + at) * 2 + 1] as number;
      if (known === number + 1) return from + at;
      if (known === 0) return -1;
    }
  }

  #place(from: number, hash: number, number: number): void {
    const { places } = this;
    let at = hash & SEGMENT_MASK;
    while (places[(from + at) * 2 + 1] !== 0) at = (at + 1) & SEGMENT_MASK;
    places[(from + at) * 2] = hash;
    places[(from + at) * 2 + 1] = number + 1;
  }

  /** Divides the segment of a hash. */
  #divide(hash: number): void {
    const old = this.from(hash);
    const depth = this.#depths[old / SEGMENT] as number;
    if (depth === 32 - this.#shift) {
      this.#directory = Int32Array.from({ length: this.#directory.length * 2 }, (_, index) => this.#directory[index >>> 1] as number);
      this.#shift -= 1;
    }
    const added = this.#depths.length * SEGMENT;
    if ((added + SEGMENT) * 2 > this.places.length) {
      const buffer = this.#bytes.room((added + SEGMENT) * 8);
      this.places = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    }
    this.#depths[old / SEGMENT] = depth + 1;
    this.#depths.push(depth + 1);
    this.#counts[old / SEGMENT] = 0;
    this.#counts.push(0);
    const span = 2 ** (32 - this.#shift - depth);
    const first = Math.floor((hash >>> this.#shift) / span) * span;
    this.#directory.fill(added, first + span / 2, first + span);
    scratch.set(this.places.subarray(old * 2, (old + SEGMENT) * 2));
    this.places.fill(0, old * 2, (old + SEGMENT) * 2);
    for (let at = 0; at < scratch.length; at += 2) {
      const number = (scratch[at + 1] as number) - 1;
      if (number < 0) continue;
      const from = this.from(scratch[at] as number);
      (this.#counts[from / SEGMENT] as number)++;
      this.#place(from, scratch[at] as number, number);
    }
  }

  get bytes(): number {
    return this.#depths.length * SEGMENT * 8 + this.#directory.byteLength;
  }
}
