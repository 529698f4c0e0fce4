import { openDatabase } from './adapters/postgres.ts';
import type { Database, DatabaseOptions, Queries, TxOptions } from './database.ts';
import { FEED_CHANNEL, Journal } from './journal.ts';

/** A transaction of the ledger: statements, and a journal that is written when the work is done. */
export interface LedgerTx extends Queries {
  readonly journal: Journal;
}

/** Incidents, tasks, clocks, holds, residents, outbox, feed and audit. */
export interface Ledger extends Queries {
  /** As {@link Database.tx}; the feed and audit rows of `tx.journal` are part of it. Rows of the journal are not readable within it. */
  tx<T>(work: (tx: LedgerTx) => Promise<T>, options?: TxOptions): Promise<T>;
  /** As `tx`, in one read-only snapshot. */
  read<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Calls back when feed rows were appended, by any process, and every `pollMs` (wall, default 1,000) besides, so that a
   * lost notification costs a moment and nothing else. The callback reads on from the last sequence it has seen.
   */
  onFeed(wake: () => void, options?: { readonly pollMs?: number }): Promise<() => Promise<void>>;
  readonly database: Database;
  close(): Promise<void>;
}

/** Opens the ledger; call {@link migrate} first. Nothing is connected until the first statement. */
export function openLedger(options: DatabaseOptions): Ledger {
  const database = openDatabase({ name: 'skyeye ledger', ...options });
  return {
    database,
    query: database.query,
    tx: (work, txOptions) =>
      database.tx(async (queries) => {
        const journal = new Journal();
        const result = await work({ query: queries.query, journal });
        await journal.flush(queries);
        return result;
      }, txOptions),
    read: (work) => database.tx(work, { readOnly: true }),
    async onFeed(wake, { pollMs = 1_000 } = {}) {
      const timer = setInterval(wake, pollMs);
      const stop = await database.listen(FEED_CHANNEL, wake);
      return async () => {
        clearInterval(timer);
        await stop();
      };
    },
    close: () => database.close(),
  };
}
