const START = 1024;

/**
 * Keys of one kind → slots, by open addressing on two 32-bit words. Slots are given in order from 0 and taken back only
 * in reverse order. Beside the words a slot has the headers of its lists: place and length in the slab of references.
 */
export class EntityTable {
  /** Headers: two words a list. */
  heads: Int32Array<ArrayBuffer>;
  /** Row of the latest event of a slot in total order. */
  newest: Int32Array<ArrayBuffer>;
  readonly stride: number;
  #words: Int32Array<ArrayBuffer>;
  #hash: Int32Array<ArrayBuffer>;
  #mask: number;
  size = 0;

  constructor(lists: number) {
    this.stride = lists * 2;
    this.heads = new Int32Array(START * this.stride);
    this.newest = new Int32Array(START);
    this.#words = new Int32Array(START * 2);
    this.#hash = new Int32Array(START * 2);
    this.#mask = this.#hash.length - 1;
  }

  /** The slot of a key, −1 without one. A key of one word has 0 as its second. */
  find(a: number, b: number): number {
    const words = this.#words;
    const hash = this.#hash;
    for (let at = mix(a, b) & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = (hash[at] as number) - 1;
      if (slot < 0) return -1;
      if (words[slot * 2] === a && words[slot * 2 + 1] === b) return slot;
    }
  }

  findOrAdd(a: number, b: number): number {
    const known = this.find(a, b);
    if (known >= 0) return known;
    if (this.size >= this.newest.length) this.#grow();
    const slot = this.size++;
    this.#words[slot * 2] = a;
    this.#words[slot * 2 + 1] = b;
    this.newest[slot] = 0;
    this.heads.fill(0, slot * this.stride, (slot + 1) * this.stride);
    this.#enter(slot);
    return slot;
  }

  /** Takes the latest slot back. */
  removeLast(): void {
    const slot = --this.size;
    const hash = this.#hash;
    let at = mix(this.#words[slot * 2] as number, this.#words[slot * 2 + 1] as number) & this.#mask;
    while (hash[at] !== slot + 1) at = (at + 1) & this.#mask;
    // Nothing was entered after it, so no other key is found by way of its place.
    hash[at] = 0;
  }

  word(slot: number, index: 0 | 1): number {
    return this.#words[slot * 2 + index] as number;
  }

  #enter(slot: number): void {
    let at = mix(this.#words[slot * 2] as number, this.#words[slot * 2 + 1] as number) & this.#mask;
    while (this.#hash[at] !== 0) at = (at + 1) & this.#mask;
    this.#hash[at] = slot + 1;
  }

  #grow(): void {
    const capacity = this.newest.length * 2;
    this.heads = copied(this.heads, capacity * this.stride);
    this.newest = copied(this.newest, capacity);
    this.#words = copied(this.#words, capacity * 2);
    this.#hash = new Int32Array(capacity * 2);
    this.#mask = this.#hash.length - 1;
    for (let slot = 0; slot < this.size; slot++) this.#enter(slot);
  }

  get bytes(): number {
    return this.heads.byteLength + this.newest.byteLength + this.#words.byteLength + this.#hash.byteLength;
  }
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
  return (hash ^ (hash >>> 16)) >>> 0;
}
