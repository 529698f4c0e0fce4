import { openDatabase } from './adapters/postgres.ts';
import type { Database, DatabaseOptions, Queries, TxOptions } from './database.ts';
import { Journal } from './journal.ts';

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
   * Calls back when feed rows were committed, by any process that shares the fan-out, and every `pollMs` (wall, default
   * 1,000) besides, so that a message that is lost costs a moment and nothing else. The callback reads on from the last
   * sequence it has seen.
   */
  onFeed(wake: () => void, options?: { readonly pollMs?: number }): Promise<() => Promise<void>>;
  readonly database: Database;
  close(): Promise<void>;
}

/** What wakes the readers of the feed in other processes: publish and subscribe of the store. At most once each. */
export interface FanOut {
  publish(channel: string, message: string): Promise<void>;
  subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>>;
}

export interface LedgerOptions extends DatabaseOptions {
  /** Without it only the readers of this very ledger are woken, and those of others find out when they poll. */
  readonly fanOut?: FanOut;
}

const FEED_CHANNEL = 'ledger/feed';

/** Opens the ledger; call {@link migrate} first. Nothing is connected until the first statement. */
export function openLedger({ fanOut = ownReaders(), ...options }: LedgerOptions): Ledger {
  const database = openDatabase({ name: 'skyeye ledger', ...options });
  return {
    database,
    query: database.query,
    async tx(work, txOptions) {
      let journal = new Journal();
      const result = await database.tx(async (queries) => {
        journal = new Journal();
        const done = await work({ query: queries.query, journal });
        await journal.flush(queries);
        return done;
      }, txOptions);
      // After the commit, and nobody waits for it: what is committed stays so without the fan-out. The store says itself
      // that it is away, and readers find the rows when they poll.
      if (journal.hasFeed) fanOut.publish(FEED_CHANNEL, '').catch(() => undefined);
      return result;
    },
    read: (work) => database.tx(work, { readOnly: true }),
    async onFeed(wake, { pollMs = 1_000 } = {}) {
      const timer = setInterval(wake, pollMs);
      const stop = await fanOut.subscribe(FEED_CHANNEL, wake);
      return async () => {
        clearInterval(timer);
        await stop();
      };
    },
    close: () => database.close(),
  };
}

/** The fan-out of one process: readers of the same ledger. */
function ownReaders(): FanOut {
  const handlers = new Set<(message: string) => void>();
  return {
    publish(_channel, message) {
      for (const handler of handlers) handler(message);
      return Promise.resolve();
    },
    subscribe(_channel, handler) {
      const own = (message: string): void => handler(message);
      handlers.add(own);
      return Promise.resolve(() => Promise.resolve(void handlers.delete(own)));
    },
  };
}
