import { expect, test } from 'vitest';
import { computeFeatures } from './features.ts';
import { handbookRows } from './handbook.ts';
import { parseMapping } from './mapping.ts';
import { DAY_MS } from './split.ts';
import { TransactionsBuilder, type Transactions } from './transactions.ts';

const START_MS = Date.UTC(2018, 3, 1);
const DELAY_MS = 7 * DAY_MS;
const mapping = parseMapping(`
columns: { time: t, payer: p, payee: q, amount: a, label: y }
features:
  - { id: amount, keyedBy: payer, formula: cur.amt }
  - { id: payer_frauds, keyedBy: payer, formula: 'count(shop[ev=complaint], 30d)' }
  - { id: payee_count, keyedBy: payee, formula: 'count(pay, 7d)' }
  - { id: payee_risk, keyedBy: payee, formula: 'count(shop[ev=complaint], 30d) / count(shop, 30d)' }
  - { id: payee_since, keyedBy: payee, formula: 'since(shop[ev=complaint], 30d) / 1d' }
  - { id: pair_count, keyedBy: pair, formula: 'count(pay, 30d)' }
`);

/** Payments given as [days since the start, payer, payee, fen, fraud]. */
function tableOf(rows: readonly (readonly [number, string, string, number, 0 | 1])[]): Transactions {
  const builder = new TransactionsBuilder();
  for (const [day, payer, payee, amountFen, fraud] of rows)
    builder.add({ timeMs: START_MS + day * DAY_MS, payer, payee, amountFen, fraud: fraud === 1 });
  return builder.sorted();
}

function featuresOf(table: Transactions, fromDay: number, toDay = 1000): (number | null)[][] {
  const { names, values, placeOf } = computeFeatures(table, mapping, {
    fromMs: START_MS + fromDay * DAY_MS,
    toMs: START_MS + toDay * DAY_MS,
    delayMs: DELAY_MS,
  });
  const rows = [...placeOf].filter((place) => place >= 0);
  return rows.map((place) =>
    Array.from(values.subarray(place * names.length, (place + 1) * names.length), (value) => (Number.isNaN(value) ? null : value)),
  );
}

test('a label counts from the moment it is known, not before', () => {
  const table = tableOf([
    [0, 'a', 'm', 500, 1],
    [6.99, 'b', 'm', 100, 0],
    [7, 'b', 'm', 200, 0],
    [8, 'a', 'n', 300, 0],
  ]);
  expect(featuresOf(table, 1)).toEqual([
    [100, 0, 2, null, null, 1],
    [200, 0, 2, 1, 0, 2],
    [300, 1, 1, null, null, 1],
  ]);
});

test('values do not depend on from where on they are computed', () => {
  const table = small(3);
  expect(featuresOf(table, 20)).toEqual(featuresOf(table, 10).slice(-featuresOf(table, 20).length));
});

/** A small Handbook. */
function small(seed: number): Transactions {
  const builder = new TransactionsBuilder();
  for (const row of handbookRows({ seed, customers: 30, terminals: 40, days: 30, radius: 30 }))
    builder.add({
      timeMs: START_MS + row.seconds * 1000,
      payer: String(row.customer),
      payee: String(row.terminal),
      amountFen: row.amountCents,
      fraud: row.fraud === 1,
    });
  return builder.sorted();
}

test('turning every label of the future round changes no feature: a row sees labels at least the delay old', () => {
  const table = small(5);
  const asOfMs = START_MS + 20 * DAY_MS;
  const turned = {
    ...table,
    labels: table.labels.map((label, row) => ((table.timesMs[row] as number) > asOfMs - DELAY_MS ? 1 - label : label)),
  };
  const before = featuresOf(table, 8, 20);
  expect(featuresOf(turned, 8, 20)).toEqual(before);
  // The check bites: an older label is seen.
  const older = {
    ...table,
    labels: table.labels.map((label, row) => ((table.timesMs[row] as number) < START_MS + 5 * DAY_MS ? 1 - label : label)),
  };
  expect(featuresOf(older, 8, 20)).not.toEqual(before);
});

test('payments after a row change none of its features', () => {
  const table = small(7);
  const cut = table.timesMs.findIndex((ms) => ms >= START_MS + 20 * DAY_MS);
  const part = { ...table, timesMs: table.timesMs.slice(0, cut), payers: table.payers.slice(0, cut), payees: table.payees.slice(0, cut) };
  expect(featuresOf({ ...part, amountsFen: table.amountsFen.slice(0, cut), labels: table.labels.slice(0, cut) }, 10, 20)).toEqual(
    featuresOf(table, 10, 20),
  );
});
