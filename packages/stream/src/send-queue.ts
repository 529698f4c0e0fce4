import { errors } from './errors.ts';
import type { ReadyMessage } from './outgoing.ts';
import { SEND_QUEUE_BYTES_MAX } from './port.ts';

/** Most bytes for one partition in one request: a broker refuses a record batch over 1 MiB. */
const PARTITION_BYTES = 900_000;
const REQUEST_BYTES = 8 * 1024 * 1024;
/** What the record format adds to a message at most. */
const OVERHEAD_BYTES = 32;

export interface Outgoing extends ReadyMessage {
  readonly topic: string;
  readonly partition: number;
}

interface Send {
  readonly messages: readonly Outgoing[];
  /** Messages before this are in a request already. */
  at: number;
  /** Requests under way or done that hold a part of it, and are not yet confirmed. */
  failed: boolean;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends that wait share requests, in order, one request at a time. A send larger than a request takes several; it
 * resolves after the last, and a failure ends it there.
 */
export class SendQueue {
  readonly #request: (messages: readonly Outgoing[]) => Promise<void>;
  #sends: Send[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;

  constructor(request: (messages: readonly Outgoing[]) => Promise<void>) {
    this.#request = request;
  }

  /** @throws STREAM_QUEUE_FULL at once; what the request throws */
  send(messages: readonly Outgoing[]): Promise<void> {
    const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
    if (this.#bytes > 0 && this.#bytes + bytes > SEND_QUEUE_BYTES_MAX)
      return Promise.reject(errors.queueFull({ queuedBytes: this.#bytes }));
    this.#bytes += bytes;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#sends.push({ messages, at: 0, failed: false, bytes, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the loop, so that what is sent in the same turn shares the request.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#sends.length > 0) {
      const { messages, sends } = this.#next();
      try {
        await this.#request(messages);
      } catch (error) {
        for (const send of sends) {
          send.failed = true;
          send.reject(error);
        }
      }
      this.#sends = this.#sends.filter((send) => {
        const over = send.failed || send.at === send.messages.length;
        if (over) {
          this.#bytes -= send.bytes;
          if (!send.failed) send.resolve();
        }
        return !over;
      });
    }
    this.#running = undefined;
  }

  #next(): { messages: Outgoing[]; sends: Send[] } {
    const messages: Outgoing[] = [];
    const sends: Send[] = [];
    const byPartition = new Map<string, number>();
    let bytes = 0;
    for (const send of this.#sends) {
      sends.push(send);
      while (send.at < send.messages.length) {
        const message = send.messages[send.at];
        if (message === undefined) break;
        const size = message.bytes + OVERHEAD_BYTES;
        const key = `${message.topic}/${message.partition}`;
        const used = byPartition.get(key) ?? 0;
        if (messages.length > 0 && ((used > 0 && used + size > PARTITION_BYTES) || bytes + size > REQUEST_BYTES))
          return { messages, sends };
        byPartition.set(key, used + size);
        bytes += size;
        messages.push(message);
        send.at++;
      }
    }
    return { messages, sends };
  }
}
