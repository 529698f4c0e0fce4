import type { Queries, Value } from './database.ts';

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A row with its columns in our names: `due_ms` becomes `dueMs`. */
export function fromRow<T>(row: object): T {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])) as T;
}

/** Columns of type jsonb: bound as JSON text, because an empty list would else be taken for an empty array. */
const JSON_COLUMNS = new Set([
  'why',
  'reasons',
  'live',
  'position',
  'versions',
  'report',
  'item',
  'counter',
  'reply',
  'payload',
  'outcome',
  'status',
  'record',
  'keys',
]);

function bind(table: string, column: string, value: unknown): Value {
  if (value === undefined || value === null) return null;
  return JSON_COLUMNS.has(column) && !(table === 'holds' && column === 'outcome') ? JSON.stringify(value) : (value as Value);
}

/** Inserts one row. Names of columns come from our own types, never from outside. Returns whether it was new. */
export async function insertRow(tx: Queries, table: string, row: object, onConflict = ''): Promise<boolean> {
  const columns = Object.keys(row).map(snake);
  const values = Object.entries(row).map(([name, value]) => bind(table, snake(name), value));
  const rows = await tx.query(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')}) ${onConflict} returning 1`,
    values,
  );
  return rows.length > 0;
}

/** Changes one row found by its key. Returns whether there was one. */
export async function updateRow(tx: Queries, table: string, key: Readonly<Record<string, Value>>, changes: object): Promise<boolean> {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return true;
  const values = entries.map(([name, value]) => bind(table, snake(name), value));
  const sets = entries.map(([name], index) => `${snake(name)} = $${index + 1}`);
  const where = Object.keys(key).map((name, index) => `${snake(name)} = $${entries.length + index + 1}`);
  const rows = await tx.query(`update ${table} set ${sets.join(', ')} where ${where.join(' and ')} returning 1`, [
    ...values,
    ...Object.values(key),
  ]);
  return rows.length > 0;
}
