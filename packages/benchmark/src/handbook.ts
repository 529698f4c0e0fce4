import { Chance } from './chance.ts';

/** One simulated payment, under the columns of the Fraud Detection Handbook. */
export interface HandbookRow {
  readonly customer: number;
  readonly terminal: number;
  /** Seconds since the first day's midnight. */
  readonly seconds: number;
  amountCents: number;
  fraud: 0 | 1;
}

export interface HandbookOptions {
  readonly seed: number;
  readonly customers: number;
  readonly terminals: number;
  readonly days: number;
  /** Customers use the terminals within this distance on a map of 100 × 100. */
  readonly radius: number;
}

/** The size of the book's own data set. */
export const HANDBOOK: Omit<HandbookOptions, 'seed'> = { customers: 5000, terminals: 10_000, days: 183, radius: 5 };

const MAP = 100;
const DAY_SECONDS = 86_400;
const HIGH_AMOUNT_CENTS = 220_00;
const TERMINALS_PER_DAY = 2;
const TERMINAL_DAYS = 28;
const CUSTOMERS_PER_DAY = 3;
const CUSTOMER_DAYS = 14;
const FACTOR = 5;

/**
 * Payments after the description in the Fraud Detection Handbook (Le Borgne, Siblini, Lebichot, Bontempi, 2022), chapter 3:
 * customers with a place, a mean amount and a mean number of payments a day; fraud by three scenarios. Our own drawing of
 * chance, so no row is the book's. In order of time. Cost: seconds for the full size.
 */
export function handbookRows(options: HandbookOptions): HandbookRow[] {
  const chance = new Chance(options.seed);
  const rows = payments(chance, options);
  for (const row of rows) if (row.amountCents > HIGH_AMOUNT_CENTS) row.fraud = 1;
  compromiseTerminals(chance, rows, options);
  compromiseCustomers(chance, rows, options);
  return rows;
}

function payments(chance: Chance, { customers, terminals, days, radius }: HandbookOptions): HandbookRow[] {
  const place = (): { x: number; y: number } => ({ x: chance.between(0, MAP), y: chance.between(0, MAP) });
  const people = Array.from({ length: customers }, () => ({ ...place(), mean: chance.between(5, 100), perDay: chance.between(0, 4) }));
  const places = Array.from({ length: terminals }, place);
  const rows: HandbookRow[] = [];
  for (const [customer, { x, y, mean, perDay }] of people.entries()) {
    const near = places.flatMap((at, terminal) => ((at.x - x) ** 2 + (at.y - y) ** 2 < radius ** 2 ? [terminal] : []));
    for (let day = 0; day < days; day++) {
      for (let left = chance.poisson(perDay); left > 0; left--) {
        const second = Math.trunc(chance.normal(DAY_SECONDS / 2, 20_000));
        if (second <= 0 || second >= DAY_SECONDS) continue;
        const drawn = chance.normal(mean, mean / 2);
        const amount = drawn < 0 ? chance.between(0, mean * 2) : drawn;
        const terminal = near[chance.below(near.length)];
        if (terminal !== undefined)
          rows.push({ customer, terminal, seconds: day * DAY_SECONDS + second, amountCents: Math.round(amount * 100), fraud: 0 });
      }
    }
  }
  return rows.sort((a, b) => a.seconds - b.seconds);
}

/** Scenario 2: each day two terminals; every payment at them is fraud for 28 days. */
function compromiseTerminals(chance: Chance, rows: readonly HandbookRow[], { terminals, days }: HandbookOptions): void {
  const by = grouped(rows, 'terminal');
  for (let day = 0; day < days; day++)
    for (const terminal of chance.sample(TERMINALS_PER_DAY, terminals))
      for (const row of within(by.get(terminal), day, TERMINAL_DAYS)) row.fraud = 1;
}

/** Scenario 3: each day three customers; a third of their payments of the next 14 days is fraud of five times the amount. */
function compromiseCustomers(chance: Chance, rows: readonly HandbookRow[], { customers, days }: HandbookOptions): void {
  const by = grouped(rows, 'customer');
  for (let day = 0; day < days; day++) {
    const theirs = chance.sample(CUSTOMERS_PER_DAY, customers).flatMap((customer) => within(by.get(customer), day, CUSTOMER_DAYS));
    for (const index of chance.sample(Math.floor(theirs.length / 3), theirs.length)) {
      const row = theirs[index] as HandbookRow;
      row.amountCents *= FACTOR;
      row.fraud = 1;
    }
  }
}

function grouped(rows: readonly HandbookRow[], field: 'customer' | 'terminal'): Map<number, HandbookRow[]> {
  return Map.groupBy(rows, (row) => row[field]);
}

function within(rows: readonly HandbookRow[] = [], day: number, days: number): HandbookRow[] {
  return rows.filter(({ seconds }) => seconds >= day * DAY_SECONDS && seconds < (day + days) * DAY_SECONDS);
}

/** Midnight of the first day as the files write it. */
const FIRST_DAY = Date.UTC(2018, 3, 1);
const HEADER = 'TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD';

/** The rows as CSV, one text for each day with its date as name. */
export function* handbookFiles(rows: readonly HandbookRow[]): Generator<{ readonly name: string; readonly text: string }> {
  let lines = [HEADER];
  let day = '';
  for (const [id, row] of rows.entries()) {
    const time = new Date(FIRST_DAY + row.seconds * 1000).toISOString();
    if (time.slice(0, 10) !== day) {
      if (lines.length > 1) yield { name: `${day}.csv`, text: `${lines.join('\n')}\n` };
      [lines, day] = [[HEADER], time.slice(0, 10)];
    }
    const { customer, terminal, amountCents, fraud } = row;
    lines.push(`${id},${time.slice(0, 10)} ${time.slice(11, 19)},${customer},${terminal},${(amountCents / 100).toFixed(2)},${fraud}`);
  }
  if (lines.length > 1) yield { name: `${day}.csv`, text: `${lines.join('\n')}\n` };
}
