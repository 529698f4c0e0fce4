import type { Reference } from '@skyeye/contracts';

/** Records kept at most; past it a checkpoint cannot add to the one before and is complete. */
const RECORDS_MAX = 500_000;

/** Reference data in order of arrival, from the last checkpoint on. Positions count from the first record ever. */
export class Journal {
  #from = 0;
  #records: Reference[] = [];

  push(record: Reference): void {
    if (this.#records.length >= RECORDS_MAX) this.dropUntil(this.end);
    this.#records.push(record);
  }

  get end(): number {
    return this.#from + this.#records.length;
  }

  /** Whether every record from a position on is still there. */
  has(position: number): boolean {
    return position >= this.#from;
  }

  between(from: number, to: number): Reference[] {
    return this.#records.slice(from - this.#from, to - this.#from);
  }

  dropUntil(position: number): void {
    this.#records = this.#records.slice(position - this.#from);
    this.#from = position;
  }
}
