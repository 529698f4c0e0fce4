import type { Health } from '@skyeye/telemetry';

/** The last row of a feed, known in memory, so that readers of a live stream ask the database only when there is more. */
export class FeedHead {
  readonly #read: () => Promise<number>;
  readonly #onGrowth: () => void;
  readonly #health: Health;
  #seq = -1;
  #checking: Promise<void> | undefined;
  #again = false;

  constructor({
    read,
    onGrowth,
    health,
  }: {
    readonly read: () => Promise<number>;
    readonly onGrowth: () => void;
    readonly health: Health;
  }) {
    this.#read = read;
    this.#onGrowth = onGrowth;
    this.#health = health;
  }

  /** Last row known to be there; -1 before the first check. */
  get seq(): number {
    return this.#seq;
  }

  /** The feed may have grown. One question at a time, however often this is called; a call during one causes one more. */
  check(): void {
    if (this.#checking !== undefined) {
      this.#again = true;
      return;
    }
    this.#checking = this.#ask().finally(() => {
      this.#checking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.check();
    });
  }

  /** Waits for the question under way and asks no more. */
  async drain(): Promise<void> {
    this.#again = false;
    await this.#checking;
  }

  async #ask(): Promise<void> {
    try {
      const seq = await this.#read();
      this.#health.set('feed', 'ok');
      if (seq === this.#seq) return;
      this.#seq = seq;
      this.#onGrowth();
    } catch (error) {
      // The next notice or the next second asks again; until then readers see nothing new, and health says so.
      this.#health.set('feed', 'degraded', error instanceof Error ? error.message : String(error));
    }
  }
}
