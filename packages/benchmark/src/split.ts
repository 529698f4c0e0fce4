import type { Transactions } from './transactions.ts';

export const DAY_MS = 86_400_000;

export interface Periods {
  /** Midnight of the first training day, epoch ms. */
  readonly startMs: number;
  readonly trainDays: number;
  readonly delayDays: number;
  readonly testDays: number;
}

/** Rows of the table by number. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** Day of each test row, 0 for the first. */
  readonly testDay: Int32Array;
  /** Payers left out of the test days as known to be defrauded. */
  readonly known: number;
}

/** The first row at or after a time. */
export function rowAt({ timesMs }: Transactions, ms: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] as number) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Train, gap and test as in the Handbook: whoever was defrauded in the training days is left out of all test days, and with
 * each test day whoever was defrauded on the day `delayDays` + 1 before it as well, because that is known by then.
 */
export function splitAt(table: Transactions, { startMs, trainDays, delayDays, testDays }: Periods): Split {
  const dayRows = (day: number): [number, number] => [rowAt(table, startMs + day * DAY_MS), rowAt(table, startMs + (day + 1) * DAY_MS)];
  const known = new Set<number>();
  const learn = ([from, to]: readonly [number, number]): void => {
    for (let row = from; row < to; row++) if (table.labels[row] === 1) known.add(table.payers[row] as number);
  };
  const [from, to] = [rowAt(table, startMs), rowAt(table, startMs + trainDays * DAY_MS)];
  learn([from, to]);
  const test: number[] = [];
  const testDay: number[] = [];
  for (let day = 0; day < testDays; day++) {
    learn(dayRows(trainDays + day - 1));
    const [first, end] = dayRows(trainDays + delayDays + day);
    for (let row = first; row < end; row++) {
      if (known.has(table.payers[row] as number)) continue;
      test.push(row);
      testDay.push(day);
    }
  }
  return {
    train: Int32Array.from({ length: to - from }, (_, index) => from + index),
    test: Int32Array.from(test),
    testDay: Int32Array.from(testDay),
    known: known.size,
  };
}
