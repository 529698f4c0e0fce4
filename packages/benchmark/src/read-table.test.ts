import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SkyeyeError } from '@skyeye/foundation';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseMapping } from './mapping.ts';
import { countyMidnightMs, readTransactions } from './read-table.ts';

const mapping = parseMapping(`
columns: { time: T, payer: P, payee: Q, amount: A, label: Y }
features: [{ id: amount, keyedBy: payer, formula: cur.amt }]
`);
const epoch = parseMapping(`
columns:
  time: { column: T, as: epoch_s }
  payer: P
  payee: Q
  amount: { column: A, unit: fen }
  label: { column: Y, fraud: [bad] }
features: [{ id: amount, keyedBy: payer, formula: cur.amt }]
`);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labelled-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const write = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text);

async function refusal(path = folder): Promise<string> {
  try {
    await readTransactions(path, mapping);
  } catch (error) {
    if (error instanceof SkyeyeError) return `${error.code} ${Object.values(error.facts).join(' ')}`;
    throw error;
  }
  return 'accepted';
}

test('files in any order and with columns in any order are one table in order of time', async () => {
  write('b.csv', 'Y,T,P,Q,A,more\n0,2018-04-02 08:00:00,1,7,3.10,x\n');
  write('a.csv', 'T,P,Q,A,Y\n2018-04-03,2,8,100,1\n"2018-04-01 00:00:31.5",1,9,57.16,0\n');
  write('notes.txt', 'not a table');
  const table = await readTransactions(folder, mapping);
  expect([...table.timesMs].map((ms) => ms - countyMidnightMs('2018-04-01'))).toEqual([31_500, 115_200_000, 172_800_000]);
  expect([...table.amountsFen]).toEqual([5716, 310, 10_000]);
  expect([...table.labels]).toEqual([0, 0, 1]);
  expect([...table.payers].map((code) => table.payerNames[code])).toEqual(['1', '1', '2']);
});

test('a Parquet file gives the same as a CSV file', async () => {
  const times = ['2018-04-01 00:00:31', '2018-04-02 12:00:00'];
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'T', data: times.map((time) => new Date(`${time.replace(' ', 'T')}Z`)), type: 'TIMESTAMP' },
      { name: 'P', data: [596n, 12n], type: 'INT64' },
      { name: 'Q', data: ['3156', '4'], type: 'STRING' },
      { name: 'A', data: [57.16, 220.5], type: 'DOUBLE' },
      { name: 'Y', data: [0, 1], type: 'INT32' },
      { name: 'more', data: [true, false], type: 'BOOLEAN' },
    ],
  });
  write('one.parquet', new Uint8Array(file));
  const fromParquet = await readTransactions(folder, mapping);
  rmSync(join(folder, 'one.parquet'));
  write('one.csv', `T,P,Q,A,Y\n${times[0]},596,3156,57.16,0\n${times[1]},12,4,220.5,1\n`);
  expect(fromParquet).toEqual(await readTransactions(folder, mapping));
});

test('a Parquet file with compressed pages is read, too', async () => {
  const text = (values: readonly string[]) => ({ data: [...values], type: 'STRING' as const });
  const columns = { T: text(['2018-04-01 00:00:31']), P: text(['a']), Q: text(['b']), A: text(['57.16']), Y: text(['1']) };
  const columnData = Object.entries(columns).map(([name, column]) => ({ name, ...column }));
  const file = parquetWriteBuffer({ columnData, codec: 'GZIP', compressors: { GZIP: (bytes) => new Uint8Array(gzipSync(bytes)) } });
  write('one.parquet', new Uint8Array(file));
  const { amountsFen, labels } = await readTransactions(folder, mapping);
  expect([[...amountsFen], [...labels]]).toEqual([[5716], [1]]);
});

test('epoch times, amounts in fen and words as labels are read as the mapping says', async () => {
  write('a.csv', 'T,P,Q,A,Y\n1522540800,a,b,250,bad\n1522540801.5,a,b,251,good\n');
  const { timesMs, amountsFen, labels } = await readTransactions(join(folder, 'a.csv'), epoch);
  expect([[...timesMs], [...amountsFen], [...labels]]).toEqual([
    [1_522_540_800_000, 1_522_540_801_500],
    [250, 251],
    [1, 0],
  ]);
});

test.each([
  ['no table', '', /TABLE_UNREADABLE/],
  ['a missing column', 'T,P,Q,A\n2018-04-01,1,2,3\n', /COLUMN_MISSING.* Y /],
  ['a time that is none', 'T,P,Q,A,Y\n2018-04-01,1,2,3,0\nyesterday,1,2,3,0\n', /CELL_INVALID.* 2 T yesterday/],
  ['an amount that is none', 'T,P,Q,A,Y\n2018-04-01,1,2,much,0\n', /CELL_INVALID.* 1 A much/],
  ['an empty payer', 'T,P,Q,A,Y\n2018-04-01,,2,3,0\n', /CELL_INVALID.* 1 P/],
  ['a row with too many cells', 'T,P,Q,A,Y\n2018-04-01,1,2,3,0,9\n', /TABLE_UNREADABLE/],
])('refuses %s and says where', async (_what, text, message) => {
  if (text !== '') write('a.csv', text);
  expect(await refusal()).toMatch(message);
});

test('refuses a folder that is not there, and a Parquet file that is none', async () => {
  expect(await refusal(join(folder, 'gone'))).toMatch(/TABLE_UNREADABLE/);
  write('a.parquet', 'hello');
  expect(await refusal()).toMatch(/TABLE_UNREADABLE.*a\.parquet/);
});
