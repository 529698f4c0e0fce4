import { openAsBlob, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse as parseCsv, CsvError } from 'csv-parse/sync';
import { parquetMetadataAsync, parquetRead, type AsyncBuffer } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { errors } from './errors.ts';
import type { Mapping } from './mapping.ts';
import { TransactionsBuilder, type Transactions } from './transactions.ts';

/** Beyond it the table would not fit the memory of one process. */
const ROWS_MAX = 20_000_000;
const COUNTY_OFFSET_MS = 8 * 3_600_000;
const READERS: Readonly<Record<string, (path: string, columns: readonly string[]) => Promise<Rows>>> = {
  '.csv': csvRows,
  '.parquet': parquetRows,
};

/** Rows of one file: the cells of the wanted columns, in their order. */
type Rows = readonly (readonly unknown[])[];

/**
 * Every CSV and Parquet file of a folder, or one file, as one table in order of time. Files may come in any order and hold
 * any part of the rows.
 * @throws BENCHMARK_TABLE_UNREADABLE, BENCHMARK_COLUMN_MISSING, BENCHMARK_CELL_INVALID with file, row and column
 */
export async function readTransactions(path: string, { columns }: Pick<Mapping, 'columns'>): Promise<Transactions> {
  const files = filesOf(path);
  const names = [columns.time.column, columns.payer, columns.payee, columns.amount.column, columns.label.column];
  const builder = new TransactionsBuilder();
  for (const file of files) {
    const read = READERS[extname(file)];
    const rows = (await read?.(file, names)) ?? [];
    if (builder.size + rows.length > ROWS_MAX) throw errors.tableUnreadable({ file, reason: `more than ${ROWS_MAX} rows` });
    for (const [index, [time, payer, payee, amount, label]] of rows.entries()) {
      const cell = (column: string, value: unknown, reason: string): Error =>
        errors.cellInvalid({ file, row: index + 1, column, value: textOf(value).slice(0, 60), reason });
      const timeMs = timeOf(time, columns.time.as);
      if (timeMs === null) throw cell(columns.time.column, time, `no time as ${columns.time.as}`);
      const number = textOf(amount).trim() === '' ? Number.NaN : Number(amount);
      const amountFen = Math.round(columns.amount.unit === 'yuan' ? number * 100 : number);
      if (!Number.isFinite(amountFen)) throw cell(columns.amount.column, amount, 'no number');
      const [from, to] = [textOf(payer), textOf(payee)];
      if (from === '') throw cell(columns.payer, payer, 'empty');
      if (to === '') throw cell(columns.payee, payee, 'empty');
      builder.add({ timeMs, payer: from, payee: to, amountFen, fraud: columns.label.fraud.has(textOf(label)) });
    }
  }
  return builder.sorted();
}

function filesOf(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw errors.tableUnreadable({ file: path, reason: 'there is no such file or folder' });
  const files = found.isDirectory()
    ? readdirSync(path)
        .map((name) => join(path, name))
        .sort()
    : [path];
  const tables = files.filter((file) => READERS[extname(file)] !== undefined);
  if (tables.length === 0) throw errors.tableUnreadable({ file: path, reason: `no file ends in ${Object.keys(READERS).join(' or ')}` });
  return tables;
}

function csvRows(file: string, columns: readonly string[]): Promise<Rows> {
  try {
    const [header = [], ...rows] = parseCsv(readFileSync(file), { bom: true, skip_empty_lines: true });
    const places = columns.map((column) => placeOf(file, header, column));
    return Promise.resolve(rows.map((row) => places.map((place) => row[place])));
  } catch (error) {
    if (error instanceof CsvError) throw errors.tableUnreadable({ file, reason: error.message }, error);
    throw error;
  }
}

async function parquetRows(path: string, columns: readonly string[]): Promise<Rows> {
  const blob = await openAsBlob(path);
  const file: AsyncBuffer = { byteLength: blob.size, slice: (from, to) => blob.slice(from, to).arrayBuffer() };
  try {
    const metadata = await parquetMetadataAsync(file);
    const header = metadata.schema.filter((element) => element.num_children === undefined).map(({ name }) => name);
    for (const column of columns) placeOf(path, header, column);
    const wanted = [...new Set(columns)];
    let rows: Record<string, unknown>[] = [];
    await parquetRead({
      file,
      metadata,
      compressors,
      columns: wanted,
      rowFormat: 'object',
      onComplete: (read) => {
        rows = read;
      },
    });
    return rows.map((row) => columns.map((column) => row[column]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('BENCHMARK_')) throw error;
    throw errors.tableUnreadable({ file: path, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}

function placeOf(file: string, header: readonly string[], column: string): number {
  const place = header.indexOf(column);
  if (place < 0) throw errors.columnMissing({ file, column, there: header.join(', ').slice(0, 500) });
  return place;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return value instanceof Date ? value.toISOString() : '';
}

/** `2018-04-01 00:00:31`, with or without a zone; without one it is county time. */
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/;

function timeOf(value: unknown, as: Mapping['columns']['time']['as']): number | null {
  // A Parquet timestamp is the clock's reading: written by tools that know no zones.
  if (value instanceof Date) return value.getTime() - COUNTY_OFFSET_MS;
  if (as !== 'text') {
    const number = Number(value);
    return textOf(value) === '' || !Number.isFinite(number) ? null : Math.round(as === 'epoch_s' ? number * 1000 : number);
  }
  const [, day, time = '00:00:00', zone = '+08:00'] = TIME.exec(textOf(value).trim()) ?? [];
  const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Midnight of a day `YYYY-MM-DD` in county time, epoch ms. */
export function countyMidnightMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - COUNTY_OFFSET_MS;
}
