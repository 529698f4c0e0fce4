import { expect, test } from 'vitest';
import { DAY_MS, splitAt } from './split.ts';
import { TransactionsBuilder } from './transactions.ts';

const START_MS = 1_532_448_000_000;

/** Payments given as [day, payer, fraud]. */
function tableOf(rows: readonly (readonly [number, string, 0 | 1])[]) {
  const builder = new TransactionsBuilder();
  for (const [day, payer, fraud] of rows)
    builder.add({ timeMs: START_MS + day * DAY_MS + 1000, payer, payee: 'm', amountFen: 100, fraud: fraud === 1 });
  return builder.sorted();
}

const periods = { startMs: START_MS, trainDays: 7, delayDays: 7, testDays: 7 };
const tested = (rows: Parameters<typeof tableOf>[0]): string[] => {
  const table = tableOf(rows);
  const { test: found, testDay } = splitAt(table, periods);
  return Array.from(found, (row, at) => `${table.payerNames[table.payers[row] as number]}@${testDay[at]}`);
};

test('whoever was defrauded in the training days is not tested', () => {
  expect(
    tested([
      [0, 'a', 1],
      [6, 'b', 0],
      [14, 'a', 0],
      [14, 'b', 1],
    ]),
  ).toEqual(['b@0']);
});

test('a fraud in the gap takes its payer out when it is known: on the test day eight days later', () => {
  expect(
    tested([
      [8, 'a', 1],
      [15, 'a', 0],
      [16, 'a', 0],
      [20, 'a', 0],
    ]),
  ).toEqual(['a@1']);
  expect(
    tested([
      [7, 'a', 1],
      [14, 'a', 0],
      [15, 'a', 0],
    ]),
  ).toEqual(['a@0']);
});

test('frauds of the last gap day and of the test days themselves are not known yet', () => {
  expect(
    tested([
      [13, 'a', 1],
      [14, 'b', 1],
      [20, 'a', 0],
      [20, 'b', 0],
    ]),
  ).toEqual(['b@0', 'a@6', 'b@6']);
});

test('what happened before the training days takes nobody out', () => {
  expect(
    tested([
      [-1, 'a', 1],
      [14, 'a', 0],
    ]),
  ).toEqual(['a@0']);
});

test('training rows are those of the training days, in order of time', () => {
  const table = tableOf([
    [7, 'c', 0],
    [6, 'b', 0],
    [-1, 'x', 0],
    [0, 'a', 1],
  ]);
  expect(Array.from(splitAt(table, periods).train, (row) => table.payerNames[table.payers[row] as number])).toEqual(['a', 'b']);
});
