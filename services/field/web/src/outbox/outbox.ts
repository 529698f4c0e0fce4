import type { FieldTask, Me, Report, TaskStep } from '@skyeye/contracts';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

export const VERBS = ['accept', 'arrive', 'meet', 'request-stop', 'report'] as const;
export type Verb = (typeof VERBS)[number];

/** Something a person did that the server has not confirmed yet. `order` keeps the sequence in which it was done. */
export interface Queued {
  readonly clientId: string;
  readonly account: string;
  readonly taskId: string;
  readonly verb: Verb;
  readonly body: TaskStep | Report;
  readonly order: number;
}

/** Who is signed in and the tasks as last seen, for the time without network; wiped at sign-out and after `KEEP_MS`. */
export interface Snapshot {
  readonly me: Me;
  readonly savedMs: number;
  readonly tasks: readonly FieldTask[];
}

interface Schema extends DBSchema {
  queue: { key: string; value: Queued; indexes: { order: number } };
  snapshot: { key: string; value: Snapshot };
}

/** More than anybody does in a shift without network; beyond it the act is refused on the screen. */
export const QUEUE_MAX = 200;
const KEEP_MS = 12 * 3_600_000;

export type SendResult = 'sent' | 'later' | 'refused';

/** What one sending ended as; `later` stops the run, so that a report never overtakes its arrival. */
export type Send = (queued: Queued) => Promise<SendResult>;

/**
 * The queue of acts in IndexedDB. An act is written before it is sent and removed after the server confirmed it; a crash between
 * the two sends it again with the same `clientId`, which the server counts once.
 */
export class Outbox {
  readonly #db: Promise<IDBPDatabase<Schema>>;
  #running: Promise<void> | null = null;

  constructor(name = 'skyeye-field') {
    this.#db = openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('queue', { keyPath: 'clientId' }).createIndex('order', 'order');
        db.createObjectStore('snapshot');
      },
    });
  }

  async add(queued: Omit<Queued, 'order'>): Promise<void> {
    const transaction = (await this.#db).transaction('queue', 'readwrite');
    const count = await transaction.store.count();
    if (count >= QUEUE_MAX) throw new Error('the queue is full');
    const last = await transaction.store.index('order').openCursor(null, 'prev');
    await transaction.store.put({ ...queued, order: (last?.value.order ?? 0) + 1 });
    await transaction.done;
  }

  async list(account: string): Promise<Queued[]> {
    const all = await (await this.#db).getAllFromIndex('queue', 'order');
    return all.filter((queued) => queued.account === account);
  }

  /** Sends what waits, oldest first, one at a time, across all open tabs. A second call while one runs joins it. */
  flush(account: string, send: Send): Promise<void> {
    this.#running ??= this.#exclusive(() => this.#run(account, send)).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #exclusive(run: () => Promise<void>): Promise<void> {
    // Old phones have no Web Locks; there the server's clientId alone keeps it to once.
    if ('locks' in navigator) await navigator.locks.request('skyeye-outbox', run);
    else await run();
  }

  async #run(account: string, send: Send): Promise<void> {
    const db = await this.#db;
    for (const queued of await this.list(account)) {
      const result = await send(queued);
      if (result === 'later') return;
      await db.delete('queue', queued.clientId);
    }
  }

  async save(me: Me, tasks: readonly FieldTask[]): Promise<void> {
    await (await this.#db).put('snapshot', { me, savedMs: Date.now(), tasks }, 'last');
  }

  async saved(): Promise<Snapshot | null> {
    const snapshot = await (await this.#db).get('snapshot', 'last');
    return snapshot === undefined || Date.now() - snapshot.savedMs > KEEP_MS ? null : snapshot;
  }

  /** At sign-out: names and addresses leave the phone. What was done and not sent stays, it carries none. */
  async forget(): Promise<void> {
    await (await this.#db).clear('snapshot');
  }
}
