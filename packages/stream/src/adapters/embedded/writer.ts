import { setTimeout as sleep } from 'node:timers/promises';
import { SkyeyeError } from '@skyeye/foundation';
import { errors } from '../../errors.ts';
import { mapSqliteError, sqliteCode } from '../../sqlite.ts';
import { SEND_QUEUE_BYTES_MAX } from '../../port.ts';
import type { Database } from './database.ts';

/** Jobs join one transaction up to this many bytes, so that no commit blocks its thread for long. */
const TRANSACTION_BYTES = 4 * 1024 * 1024;
/** How long a transaction waits for writers of other threads before it gives up with STREAM_BUSY. */
const BUSY_MS_MAX = 20_000;
const BUSY_WAIT_MS = 1;

interface Job {
  readonly bytes: number;
  /** Checks first, writes then: a refusal that it throws must come before its first write. */
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: all writes that one thread asks for while a commit is under way share the next one, thus one fsync.
 * A job resolves after the commit that holds it. Order is the order of asking.
 */
export class Writer {
  readonly #database: Database;
  readonly #committed: (ms: number) => void;
  #queue: Job[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;

  constructor(database: Database, committed: (ms: number) => void) {
    this.#database = database;
    this.#committed = committed;
  }

  /** @throws STREAM_QUEUE_FULL at once; what the work throws; STREAM_BUSY, STREAM_DISK_FULL: nothing was written */
  run<T>(bytes: number, work: () => T): Promise<T> {
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes > SEND_QUEUE_BYTES_MAX)
      return Promise.reject(errors.queueFull({ queuedBytes: this.#queuedBytes }));
    this.#queuedBytes += bytes;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#queue.push({ bytes, work, resolve, reject });
    this.#running ??= this.#flush();
    return promise as Promise<T>;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #flush(): Promise<void> {
    // One turn of the loop, so that what is asked for in the same turn shares the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const jobs = this.#next();
      await this.#transaction(jobs);
      if (this.#queue.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = undefined;
  }

  #next(): Job[] {
    let bytes = 0;
    let count = 0;
    for (const job of this.#queue) {
      if (count > 0 && bytes + job.bytes > TRANSACTION_BYTES) break;
      bytes += job.bytes;
      count++;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  async #transaction(jobs: readonly Job[]): Promise<void> {
    const { db } = this.#database;
    const settle: (() => void)[] = [];
    try {
      await this.#begin();
      const startedMs = performance.now();
      for (const { work, resolve, reject } of jobs) {
        try {
          const value = work();
          settle.push(() => resolve(value));
        } catch (error) {
          // Only a refusal is one job's own affair; a disk that failed half-way undoes the whole transaction.
          if (!(error instanceof SkyeyeError) || error.handling !== 'refuse') throw error;
          settle.push(() => reject(error));
        }
      }
      db.exec('COMMIT');
      this.#committed(performance.now() - startedMs);
    } catch (error) {
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
      const mapped = mapSqliteError(error);
      for (const { reject } of jobs) reject(mapped);
      return;
    }
    for (const done of settle) done();
  }

  async #begin(): Promise<void> {
    const startedMs = performance.now();
    for (;;) {
      try {
        this.#database.db.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (sqliteCode(error) !== 'busy') throw error;
        if (performance.now() - startedMs > BUSY_MS_MAX) throw errors.busy({ waitedMs: BUSY_MS_MAX }, error);
      }
      await sleep(BUSY_WAIT_MS);
    }
  }
}
