import { expect, test } from 'vitest';
import { HANDBOOK, handbookFiles, handbookRows } from './handbook.ts';

const SMALL = { seed: 4, customers: 300, terminals: 600, days: 60, radius: 15 };
const rows = handbookRows(SMALL);

test('the same seed gives the same rows, another gives others', () => {
  expect(handbookRows(SMALL)).toEqual(rows);
  expect(handbookRows({ ...SMALL, seed: 5 })).not.toEqual(rows);
});

test('customers pay about twice a day, in order of time, within the days', () => {
  expect(rows.length / (SMALL.customers * SMALL.days)).toBeGreaterThan(1.5);
  expect(rows.length / (SMALL.customers * SMALL.days)).toBeLessThan(2.3);
  expect(rows.every(({ seconds }, index) => seconds >= (rows[index - 1]?.seconds ?? 0) && seconds < SMALL.days * 86_400)).toBe(true);
  expect(rows.every(({ amountCents }) => Number.isInteger(amountCents) && amountCents >= 0)).toBe(true);
});

test('every payment above 220 is fraud', () => {
  const high = rows.filter(({ amountCents }) => amountCents > 22_000);
  expect(high.length).toBeGreaterThan(0);
  expect(high.every(({ fraud }) => fraud === 1)).toBe(true);
});

test('every other fraud is at a terminal where all of that day is fraud, or five times an amount in whole cents', () => {
  const dayOf = ({ terminal, seconds }: (typeof rows)[number]): string => `${terminal} ${Math.floor(seconds / 86_400)}`;
  const days = Map.groupBy(rows, dayOf);
  const unexplained = rows.filter((row) => {
    if (row.fraud === 0 || row.amountCents > 22_000 || row.amountCents % 5 === 0) return false;
    return days.get(dayOf(row))?.some(({ fraud }) => fraud === 0);
  });
  expect(unexplained).toEqual([]);
});

test('a file is one day, with the columns of the Handbook', () => {
  const files = [...handbookFiles(rows)];
  expect(files).toHaveLength(SMALL.days);
  expect(files[0]?.name).toBe('2018-04-01.csv');
  const [header, first] = files[0]?.text.split('\n') ?? [];
  expect(header).toBe('TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD');
  expect(first).toMatch(/^0,2018-04-01 \d\d:\d\d:\d\d,\d+,\d+,\d+\.\d\d,[01]$/);
  expect(files.reduce((sum, { text }) => sum + text.split('\n').length - 2, 0)).toBe(rows.length);
});

test('the full size is the size of the book', () => {
  expect(HANDBOOK).toEqual({ customers: 5000, terminals: 10_000, days: 183, radius: 5 });
});
