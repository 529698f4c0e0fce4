import { createLooker, type Looker, type Store } from '@skyeye/store';

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
  readonly #looker: Looker;

  constructor(options: PublisherOptions<T>) {
    this.#options = options;
    this.#looker = createLooker({ everyMs: LOOK_MS, look: () => this.#pass(), onFailed: options.onFailed });
  }

  async start(): Promise<void> {
    await this.publish();
    this.#looker.start();
  }

  /** Looks now. Resolves when what is in force lies in the store, or it was told that it could not be put there. */
  publish(): Promise<void> {
    return this.#looker.look();
  }

  async close(): Promise<void> {
    await this.#looker.stop();
  }

  async #pass(): Promise<void> {
    const { store, keys, seq, inForce, onPublished } = this.#options;
    if ((await store.get(keys.seq)) === String(await seq())) return;
    const set = await inForce();
    // The number last: who sees it finds at least that set.
    await store.set(keys.inForce, JSON.stringify(set));
    await store.set(keys.seq, String(set.seq));
    await store.publish(keys.inForce, String(set.seq));
    onPublished(set);
  }
}
