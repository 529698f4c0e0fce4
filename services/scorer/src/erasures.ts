import type { EntityKey } from '@skyeye/engine';
import type { Telemetry } from '@skyeye/telemetry';
import { logEvents } from './tables.ts';

/** Erasures that are over and remembered, for who asks again. */
const DONE_MAX = 1_000;

/** Erasures over the private port, one after the other. Who asked asks again under the same id until it is done. */
export class Erasures {
  readonly #forget: (keys: readonly EntityKey[]) => Promise<void>;
  readonly #log;
  readonly #states = new Map<string, 'running' | 'done'>();
  #turn: Promise<void> = Promise.resolve();

  constructor(forget: (keys: readonly EntityKey[]) => Promise<void>, telemetry: Telemetry) {
    this.#forget = forget;
    this.#log = telemetry.log(logEvents);
  }

  /** Begins at the first time. One that failed, or that a restart broke off, begins anew: erasing twice changes nothing. */
  ask(id: string, keys: readonly EntityKey[]): 'running' | 'done' {
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    this.#states.set(id, 'running');
    this.#turn = this.#turn
      .then(() => this.#forget(keys))
      .then(
        () => {
          this.#states.set(id, 'done');
          this.#log.KeysErased({ erasure: id, keys: keys.length });
        },
        (error: unknown) => {
          this.#states.delete(id);
          this.#log.ErasureFailed({ erasure: id }, error);
        },
      );
    for (const [old, state] of this.#states) {
      if (this.#states.size <= DONE_MAX) break;
      if (state === 'done') this.#states.delete(old);
    }
    return 'running';
  }
}
