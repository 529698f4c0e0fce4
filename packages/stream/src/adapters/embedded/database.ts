import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isMainThread } from 'node:worker_threads';
import { errors } from '../../errors.ts';
import { mapSqliteError } from '../../sqlite.ts';

/** Version of the layout below; a folder of another version is refused. */
const SCHEMA_VERSION = 1;
const PAGE_BYTES = 16_384;
/** A commit that finds the WAL this long copies it into the file, which takes its thread 10 to 50 ms. */
const CHECKPOINT_PAGES = 500;
/** The thread that serves people leaves that to the workers, unless none of them writes. */
const CHECKPOINT_PAGES_MAIN = 4_000;
/** How long opening waits for other threads that open at the same time. */
const OPEN_WAIT_MS = 10_000;
/** How long a statement may block its thread for another writer; beyond it the writer waits without blocking. */
const BLOCK_MS = 4;
/**
 * A row's id is its partition's id and its offset in one integer that JavaScript holds exactly: 2^17 partitions of
 * 2^36 messages. So a partition's messages lie side by side and a read is one range scan.
 */
const OFFSETS = 2 ** 36;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS topic (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS part (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, number INTEGER NOT NULL,
    first INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, number));
  CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, appended INTEGER NOT NULL, bytes INTEGER NOT NULL,
    key TEXT NOT NULL, headers TEXT, value BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS position (grp TEXT, part INTEGER, next INTEGER NOT NULL, PRIMARY KEY (grp, part)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS member (grp TEXT, id TEXT, process TEXT NOT NULL, topics TEXT NOT NULL, beat INTEGER NOT NULL, PRIMARY KEY (grp, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS owner (grp TEXT, part INTEGER, member TEXT NOT NULL, PRIMARY KEY (grp, part)) WITHOUT ROWID;
`;

export type Row = Readonly<Record<string, unknown>>;

/** One thread's connection to the log's file. Statements are kept. */
export class Database {
  readonly db: DatabaseSync;
  readonly #folder: string;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws STREAM_FOLDER_NOT_WRITABLE, STREAM_OTHER_VERSION, STREAM_DISK_FULL, STREAM_CORRUPT */
  constructor(folder: string, fileBytesMax: number) {
    this.#folder = folder;
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(join(folder, 'log.db'), { timeout: OPEN_WAIT_MS });
      db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
      // FULL: a commit returns after the WAL was synced, so that a power cut loses nothing that was acknowledged.
      db.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${isMainThread ? CHECKPOINT_PAGES_MAIN : CHECKPOINT_PAGES}; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384`,
      );
      db.exec(`PRAGMA max_page_count = ${Math.floor(fileBytesMax / PAGE_BYTES)}`);
      const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
      if (version !== 0 && version !== SCHEMA_VERSION) throw errors.otherVersion({ folder, version, expected: SCHEMA_VERSION });
      if (version === 0) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
      db.exec(`PRAGMA busy_timeout = ${BLOCK_MS}`);
      this.db = db;
    } catch (error) {
      if (db?.isOpen === true) db.close();
      throw mapSqliteError(error, { folder });
    }
  }

  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.db.prepare(sql)));
    return statement;
  }

  /** One whose rows are arrays of its columns. */
  arrays(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.statement(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  rows(sql: string, ...values: (string | number)[]): Row[] {
    try {
      return this.statement(sql).all(...values) as Row[];
    } catch (error) {
      throw mapSqliteError(error, { folder: this.#folder });
    }
  }

  row(sql: string, ...values: (string | number)[]): Row | undefined {
    return this.rows(sql, ...values)[0];
  }

  close(): void {
    this.#statements.clear();
    if (this.db.isOpen) this.db.close();
  }
}

export const rowId = (part: number, offset: number): number => part * OFFSETS + offset;
export const offsetOf = (id: number): number => id % OFFSETS;

export interface Part {
  readonly id: number;
  readonly topic: string;
  readonly number: number;
}

/** Partitions of a topic by number, or nothing when it does not exist. */
export function partsOf(database: Database, topic: string): readonly Part[] {
  return database
    .rows('SELECT id, number FROM part WHERE topic = ? ORDER BY number', topic)
    .map((row) => ({ id: Number(row['id']), topic, number: Number(row['number']) }));
}
