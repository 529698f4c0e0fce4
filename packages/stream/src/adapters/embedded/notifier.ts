import { BroadcastChannel } from 'node:worker_threads';

/** What changed: partitions that grew, or a group whose members or owners changed. */
export interface Notice {
  readonly parts?: readonly number[];
  readonly group?: string;
}

/**
 * Tells every open log on the same folder, in this thread and the other threads of the process, that something changed.
 * A hint for latency: a lost one is made good by polling.
 */
export class Notifier {
  readonly #channel: BroadcastChannel;
  readonly #listeners = new Set<(notice: Notice) => void>();

  constructor(folder: string) {
    this.#channel = new BroadcastChannel(`skyeye-log:${folder}`);
    this.#channel.onmessage = (event) => this.#tell((event as { data: Notice }).data);
    this.#channel.unref();
  }

  notify(notice: Notice): void {
    this.#channel.postMessage(notice);
    this.#tell(notice);
  }

  /** @returns a function that ends the listening */
  listen(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#channel.close();
    this.#listeners.clear();
  }

  #tell(notice: Notice): void {
    for (const listener of this.#listeners) listener(notice);
  }
}
