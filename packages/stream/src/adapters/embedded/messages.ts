import { mapSqliteError } from '../../sqlite.ts';
import type { ReadyMessage } from '../../outgoing.ts';
import type { Message } from '../../port.ts';
import { offsetOf, rowId, type Database, type Part } from './database.ts';

/** Writes messages at the end of a partition. Runs inside a transaction. Cost: about 3 µs a message. */
export function append(database: Database, part: Part, messages: readonly ReadyMessage[], nowMs: number): void {
  const head = database.row('SELECT next FROM part WHERE id = ?', part.id);
  let next = Number(head?.['next']);
  let bytes = 0;
  const insert = database.statement('INSERT INTO message (id, at, appended, bytes, key, headers, value) VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const message of messages) {
    const headers = Object.keys(message.headers).length === 0 ? null : JSON.stringify(message.headers);
    insert.run(rowId(part.id, next), Math.round(message.timestampMs), nowMs, message.bytes, message.key, headers, message.value);
    next++;
    bytes += message.bytes;
  }
  database.statement('UPDATE part SET next = ?, bytes = bytes + ? WHERE id = ?').run(next, bytes, part.id);
}

/** A row of the query below; an array, which costs half of an object with names. */
type Columns = readonly [id: number, at: number, bytes: number, key: string, headers: string | null, value: Uint8Array];

/** Reads from an offset on, up to the limits but at least one message when there is one. Cost: one range scan, 1.5 µs a message. */
export function read(database: Database, part: Part, offset: number, maxMessages: number, maxBytes: number): Message[] {
  const messages: Message[] = [];
  let total = 0;
  try {
    const rows = database
      .arrays('SELECT id, at, bytes, key, headers, value FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT ?')
      .iterate(rowId(part.id, offset), rowId(part.id + 1, 0), maxMessages) as unknown as Iterable<Columns>;
    for (const [id, at, bytes, key, headers, value] of rows) {
      total += bytes;
      if (messages.length > 0 && total > maxBytes) break;
      messages.push({
        offset: offsetOf(id),
        key,
        value,
        headers: headers === null ? {} : (JSON.parse(headers) as Record<string, string>),
        timestampMs: at,
      });
    }
  } catch (error) {
    throw mapSqliteError(error, { topic: part.topic });
  }
  return messages;
}

/** First kept and next offset of a partition. */
export function bounds(database: Database, part: Part): { first: number; next: number } {
  const row = database.row('SELECT first, next FROM part WHERE id = ?', part.id);
  return { first: Number(row?.['first']), next: Number(row?.['next']) };
}

/** Most messages that one transaction of the sweep removes. */
const SWEEP_ROWS = 1_000;

export interface Retention {
  readonly ageMs: number;
  readonly bytesPerPartition: number;
}

/**
 * Removes the oldest messages of a partition that are over age or over size, never one at or past the lowest position
 * of a group. Runs inside a transaction.
 * @returns how many were removed; SWEEP_ROWS means that there may be more
 */
export function expire(database: Database, partId: number, retention: Retention, nowMs: number): number {
  const part = database.row('SELECT first, next, bytes FROM part WHERE id = ?', partId);
  if (part === undefined) return 0;
  const lowest = database.row('SELECT MIN(next) AS next FROM position WHERE part = ?', partId)?.['next'];
  const end = typeof lowest === 'number' ? lowest : Number(part['next']);
  let bytes = Number(part['bytes']);
  let next = Number(part['first']);
  const rows = database.rows(
    'SELECT id, appended, bytes FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    rowId(partId, 0),
    rowId(partId, end),
    SWEEP_ROWS,
  );
  let removed = 0;
  for (const row of rows) {
    if (Number(row['appended']) >= nowMs - retention.ageMs && bytes <= retention.bytesPerPartition) break;
    bytes -= Number(row['bytes']);
    next = offsetOf(Number(row['id'])) + 1;
    removed++;
  }
  if (removed === 0) return 0;
  database.statement('DELETE FROM message WHERE id >= ? AND id < ?').run(rowId(partId, 0), rowId(partId, next));
  database.statement('UPDATE part SET first = ?, bytes = ? WHERE id = ?').run(next, bytes, partId);
  return removed;
}

/** Whether a sweep of {@link expire} took as much as one transaction may. */
export const sweptFull = (removed: number): boolean => removed >= SWEEP_ROWS;
