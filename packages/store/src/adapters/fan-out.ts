import type { Telemetry } from '@skyeye/telemetry';
import { logEvents } from '../tables.ts';

/** Handlers by channel. A handler that fails is logged and does not keep the message from the others. */
export class FanOut {
  readonly #handlers = new Map<string, Set<(message: string) => void>>();
  readonly #log;

  constructor(telemetry: Telemetry) {
    this.#log = telemetry.log(logEvents);
  }

  deliver(channel: string, message: string): void {
    for (const handler of this.#handlers.get(channel) ?? []) {
      try {
        handler(message);
      } catch (error) {
        this.#log.HandlerFailed({ channel }, error);
      }
    }
  }

  /** @returns whether it is the first of its channel */
  add(channel: string, handler: (message: string) => void): boolean {
    const handlers = this.#handlers.get(channel);
    if (handlers === undefined) this.#handlers.set(channel, new Set([handler]));
    else handlers.add(handler);
    return handlers === undefined;
  }

  /** @returns whether it was the last of its channel */
  remove(channel: string, handler: (message: string) => void): boolean {
    const handlers = this.#handlers.get(channel);
    handlers?.delete(handler);
    if (handlers === undefined || handlers.size > 0) return false;
    this.#handlers.delete(channel);
    return true;
  }
}
