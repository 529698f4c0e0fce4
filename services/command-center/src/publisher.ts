import type { Store } from '@skyeye/store';

/** The ledger is asked so often (wall) whether what is in force has changed, besides after every act here. */
const LOOK_MS = 1_000;

export interface PublisherOptions<T extends { readonly seq: number }> {
  readonly store: Pick<Store, 'get' | 'set' | 'publish'>;
  readonly keys: { readonly seq: string; readonly inForce: string };
  /** Number of what is in force. */
  readonly seq: () => Promise<number>;
  readonly inForce: () => Promise<T>;
  readonly onPublished: (set: T) => void;
  /** Once for every time that it begins to fail. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Puts what is in force from the ledger into the store, where scorers take it: the ledger decides, the store carries. A store
 * that is away or lost its keys gets them at the next look.
 */
export class Publisher<T extends { readonly seq: number }> {
  readonly #options: PublisherOptions<T>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(options: PublisherOptions<T>) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.publish();
    this.#timer = setInterval(() => void this.publish(), LOOK_MS);
  }

  /** Looks now. Resolves when what is in force lies in the store, or it was told that it could not be put there. */
  publish(): Promise<void> {
    this.#running = this.#running.then(() => this.#pass());
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #pass(): Promise<void> {
    const { store, keys, seq, inForce, onPublished, onFailed } = this.#options;
    try {
      if ((await store.get(keys.seq)) !== String(await seq())) {
        const set = await inForce();
        // The number last: who sees it finds at least that set.
        await store.set(keys.inForce, JSON.stringify(set));
        await store.set(keys.seq, String(set.seq));
        await store.publish(keys.inForce, String(set.seq));
        onPublished(set);
      }
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) onFailed(error);
      this.#failed = true;
    }
  }
}
