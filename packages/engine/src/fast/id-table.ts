import { copied, takeOut } from './entity-table.ts';

const START = 4096;

/** The rows of events by id: an event is taken once. Ids may be taken back in reverse order. */
export class IdTable {
  /** Texts of the ids, by number of the event. */
  readonly ids: string[] = [];
  /** Rows by number of the event. */
  rows = new Int32Array(START);
  /** Hash and number + 1 of each place. */
  #table = new Int32Array(START * 2);
  #mask = START - 1;
  #dropped = 0;

  /** The row of an id, 0 without one. */
  find(id: string): number {
    const hash = hashOf(id);
    const table = this.#table;
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const known = table[at * 2 + 1] as number;
      if (known === 0) return 0;
      if (table[at * 2] === hash && this.ids[known - 1] === id) return this.rows[known - 1] as number;
    }
  }

  /** Gives the next number to an id; `enter` makes it findable. */
  push(id: string, row: number): number {
    const number = this.ids.length;
    this.ids.push(id);
    if (number === this.rows.length) this.rows = copied(this.rows, number * 2);
    this.rows[number] = row;
    return number;
  }

  /** Takes the latest number back. It was never entered. */
  pop(): void {
    this.ids.pop();
  }

  enter(number: number): void {
    if (this.ids.length * 2 > this.#mask) this.#grow();
    this.#place(hashOf(this.ids[number] as string), number);
  }

  #place(hash: number, number: number): void {
    let at = hash & this.#mask;
    while (this.#table[at * 2 + 1] !== 0) at = (at + 1) & this.#mask;
    this.#table[at * 2] = hash;
    this.#table[at * 2 + 1] = number + 1;
  }

  /** Forgets an event that was entered: its number stands for nothing until `compact`. */
  drop(number: number): void {
    takeOut(this.#table, hashOf(this.ids[number] as string), number);
    this.ids[number] = '';
    this.rows[number] = 0;
    this.#dropped += 1;
  }

  /** Gives the events new numbers without gaps, in the same order. Cost: linear. @param renumber is told of every row */
  compact(renumber: (row: number, number: number) => void): void {
    let live = 0;
    for (let number = 0; number < this.ids.length; number++) {
      const row = this.rows[number] as number;
      if (row === 0) continue;
      this.ids[live] = this.ids[number] as string;
      this.rows[live] = row;
      renumber(row, live++);
    }
    this.ids.length = live;
    this.#dropped = 0;
    this.#mask = START - 1;
    while (live * 2 > this.#mask) this.#mask = this.#mask * 2 + 1;
    this.#table = new Int32Array((this.#mask + 1) * 2);
    for (let number = 0; number < live; number++) this.#place(hashOf(this.ids[number] as string), number);
  }

  #grow(): void {
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2);
    this.#mask = before.length - 1;
    for (let at = 0; at < before.length; at += 2)
      if (before[at + 1] !== 0) this.#place(before[at] as number, (before[at + 1] as number) - 1);
  }

  /** Numbers given; those dropped are among them. */
  get size(): number {
    return this.ids.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get live(): number {
    return this.ids.length - this.#dropped;
  }

  get bytes(): number {
    return this.#table.byteLength + this.rows.byteLength;
  }
}

/** Ids differ mostly near their ends. */
export function hashOf(text: string): number {
  let hash = text.length;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x297a2d39);
  return hash ^ (hash >>> 16);
}
