import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { Delivery } from '../../delivery.ts';
import { errors } from '../../errors.ts';
import {
  BATCH_BYTES_DEFAULT,
  BATCH_MESSAGES_DEFAULT,
  type Consumer,
  type ConsumerOptions,
  type Position,
  type TopicPartition,
} from '../../port.ts';
import { logEvents } from '../../tables.ts';
import type { Database, Part } from './database.ts';
import { HEARTBEAT_MS, type Membership } from './membership.ts';
import { bounds, read } from './messages.ts';
import type { Notifier } from './notifier.ts';

/** A partition is looked at this often even when no notice came. */
const POLL_MS = 200;

interface Held {
  readonly part: Part;
  offset: number;
  notBeforeMs: number;
  /** Whether there may be unread messages. */
  mayHaveMore: boolean;
}

export interface EmbeddedConsumerParts {
  readonly database: Database;
  readonly membership: Membership;
  readonly notifier: Notifier;
  readonly telemetry: Telemetry;
  readonly onClosed: () => void;
}

/** One member's loop: share out, read, deliver, commit. One batch is in flight at a time. */
export class EmbeddedConsumer implements Consumer {
  readonly finished: Promise<void>;
  readonly #options: ConsumerOptions;
  readonly #parts: EmbeddedConsumerParts;
  readonly #delivery: Delivery;
  readonly #log;
  readonly #held = new Map<number, Held>();
  /** Partitions this consumer has begun once: `earliest` and `latest` speak of the first time only. */
  readonly #begun = new Map<number, number>();
  #turn = 0;
  #closing = false;
  #shareOut = true;
  #wake: () => void = () => undefined;
  #beatTimer: NodeJS.Timeout | undefined;

  constructor(options: ConsumerOptions, parts: EmbeddedConsumerParts) {
    this.#options = options;
    this.#parts = parts;
    this.#delivery = new Delivery(options, parts.telemetry);
    this.#log = parts.telemetry.log(logEvents);
    this.finished = this.#run();
  }

  async commit(positions: readonly Position[]): Promise<void> {
    if (this.#options.from === 'latest' || positions.length === 0) return;
    await this.#parts.membership.commit(positions.map((position) => ({ part: this.#own(position).part, offset: position.offset })));
  }

  async seek(position: TopicPartition & { readonly offset: number | 'earliest' | 'latest' }): Promise<void> {
    const held = this.#own(position);
    const { first, next } = bounds(this.#parts.database, held.part);
    held.offset =
      position.offset === 'earliest' ? first : position.offset === 'latest' ? next : Math.min(Math.max(position.offset, first), next);
    held.mayHaveMore = true;
    held.notBeforeMs = 0;
    this.#wake();
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#held.values()].map(({ part }) => ({ topic: part.topic, partition: part.number }));
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wake();
    // A crash has been told through `finished`; closing afterwards is not a second failure.
    await this.finished.catch(() => undefined);
  }

  #own({ topic, partition }: TopicPartition): Held {
    for (const held of this.#held.values()) if (held.part.topic === topic && held.part.number === partition) return held;
    throw errors.fenced({ group: this.#options.group, topic, partition });
  }

  async #run(): Promise<void> {
    const stopListening = this.#parts.notifier.listen(({ parts = [], group }) => {
      if (group === this.#options.group) this.#shareOut = true;
      for (const id of parts) {
        const held = this.#held.get(id);
        if (held !== undefined) held.mayHaveMore = true;
      }
      this.#wake();
    });
    this.#beatTimer = setInterval(() => void this.#beat(), HEARTBEAT_MS);
    try {
      await this.#beat();
      this.#parts.notifier.notify({ group: this.#options.group });
      while (!this.#closing) {
        try {
          await this.#step();
        } catch (error) {
          if (!(error instanceof SkyeyeError) || handlingOf(error) !== 'retry') throw error;
          await this.#sleep(this.#delivery.backOff({ topic: '*', partition: 0 }, error));
        }
      }
    } finally {
      clearInterval(this.#beatTimer);
      stopListening();
      await this.#leave();
      this.#parts.onClosed();
    }
  }

  async #leave(): Promise<void> {
    const last = this.assignment();
    if (last.length > 0) await this.#options.onRevoked?.(last);
    this.#held.clear();
    for (const partition of last) this.#delivery.forget(partition);
    try {
      await this.#parts.membership.leave();
    } catch (error) {
      // Its lease ends by itself; leaving only makes the hand-over quicker.
      if (handlingOf(error) !== 'retry') throw error;
    }
    this.#parts.notifier.notify({ group: this.#options.group });
  }

  async #beat(): Promise<void> {
    try {
      if (await this.#parts.membership.beat()) this.#parts.notifier.notify({ group: this.#options.group });
      this.#shareOut = true;
    } catch (error) {
      if (handlingOf(error) !== 'retry') throw error;
      this.#parts.telemetry.health.set(`group ${this.#options.group}`, 'degraded', error instanceof Error ? error.message : String(error));
      return;
    }
    this.#parts.telemetry.health.remove(`group ${this.#options.group}`);
  }

  async #step(): Promise<void> {
    if (this.#shareOut) {
      this.#shareOut = false;
      await this.#takeShare();
    }
    const held = this.#next();
    if (held === undefined) {
      const slept = await this.#sleep(this.#untilNext());
      // The fallback for a lost notice: after a quiet while every partition is looked at.
      if (slept === 'timeout') for (const each of this.#held.values()) each.mayHaveMore = true;
      return;
    }
    held.mayHaveMore = false;
    const { maxBatch = BATCH_MESSAGES_DEFAULT, maxBatchBytes = BATCH_BYTES_DEFAULT, commit = 'afterBatch' } = this.#options;
    const { part, offset } = held;
    const messages = read(this.#parts.database, part, offset, maxBatch, maxBatchBytes);
    if (messages.length === 0) return;
    held.mayHaveMore = true;
    const { done, waitMs } = await this.#delivery.offer({ topic: part.topic, partition: part.number }, messages);
    if (waitMs > 0) held.notBeforeMs = performance.now() + waitMs;
    // A seek during the batch wins over what the batch did.
    if (done === 0 || held.offset !== offset) return;
    const next = (messages[done - 1]?.offset ?? offset) + 1;
    if (commit === 'afterBatch' && this.#options.from !== 'latest') await this.#commitTaken(held, next);
    held.offset = next;
  }

  /** Commits behind a taken batch; a full disk delays it, because giving up would deliver the batch again. */
  async #commitTaken(held: Held, next: number): Promise<void> {
    const { part } = held;
    for (;;) {
      try {
        await this.#parts.membership.commit([{ part, offset: next }]);
        return;
      } catch (error) {
        if (error instanceof SkyeyeError && error.code === 'STREAM_FENCED') {
          this.#shareOut = true;
          return;
        }
        if (handlingOf(error) !== 'retry' || this.#closing) throw error;
        await this.#sleep(this.#delivery.backOff({ topic: part.topic, partition: part.number }, error), true);
      }
    }
  }

  #next(): Held | undefined {
    const all = [...this.#held.values()];
    const nowMs = performance.now();
    for (let i = 0; i < all.length; i++) {
      const held = all[(this.#turn + i) % all.length];
      if (held !== undefined && held.mayHaveMore && held.notBeforeMs <= nowMs) {
        this.#turn = (this.#turn + i + 1) % all.length;
        return held;
      }
    }
    return undefined;
  }

  #untilNext(): number {
    let waitMs = POLL_MS;
    for (const { mayHaveMore, notBeforeMs } of this.#held.values())
      if (mayHaveMore) waitMs = Math.min(waitMs, Math.max(1, notBeforeMs - performance.now()));
    return waitMs;
  }

  /** Sleeps, until a notice comes unless it is deaf. */
  #sleep(ms: number, deaf = false): Promise<'woken' | 'timeout'> {
    if (this.#closing || (this.#shareOut && !deaf)) return new Promise((resolve) => setImmediate(() => resolve('woken')));
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('timeout'), ms);
      if (deaf) return;
      this.#wake = () => {
        clearTimeout(timer);
        resolve('woken');
      };
    });
  }

  async #takeShare(): Promise<void> {
    const { membership, notifier } = this.#parts;
    const share = new Map(membership.share().map((part) => [part.id, part]));
    const owned = membership.owned();
    const lost = [...this.#held.values()].filter(({ part }) => !owned.has(part.id));
    const surplus = [...this.#held.values()].filter(({ part }) => owned.has(part.id) && !share.has(part.id));
    const leaving = [...lost, ...surplus].map(({ part }) => part);
    if (leaving.length > 0) {
      const partitions = leaving.map((part) => ({ topic: part.topic, partition: part.number }));
      await this.#options.onRevoked?.(partitions);
      for (const part of leaving) {
        this.#begun.set(part.id, this.#held.get(part.id)?.offset ?? 0);
        this.#held.delete(part.id);
      }
      for (const partition of partitions) this.#delivery.forget(partition);
      await membership.release(surplus.map(({ part }) => part));
      notifier.notify({ group: this.#options.group });
    }
    const missing = [...share.values()].filter((part) => !this.#held.has(part.id));
    if (missing.length === 0) return;
    const claimed = await membership.claim(missing);
    // Owned already but not held: a claim whose answer a failed commit hid from us.
    const mine = missing.filter((part) => claimed.includes(part) || owned.has(part.id));
    if (mine.length > 0) await this.#begin(mine);
  }

  async #begin(parts: readonly Part[]): Promise<void> {
    const starts = parts.map((part) => ({ part, offset: this.#startOf(part) }));
    if (this.#options.from !== 'latest') await this.#parts.membership.register(starts);
    for (const { part, offset } of starts) {
      this.#held.set(part.id, { part, offset, notBeforeMs: 0, mayHaveMore: true });
      this.#begun.set(part.id, offset);
    }
    const partitions = parts.map((part) => ({ topic: part.topic, partition: part.number }));
    this.#log.PartitionsAssigned({ group: this.#options.group, partitions: this.#held.size });
    await this.#options.onAssigned?.(partitions);
  }

  #startOf(part: Part): number {
    const { first, next } = bounds(this.#parts.database, part);
    const again = this.#begun.get(part.id);
    switch (this.#options.from) {
      case 'latest':
        return again ?? next;
      case 'earliest':
        return again === undefined ? first : Math.max(first, this.#parts.membership.committed(part) ?? again);
      case 'committed':
        return Math.max(first, this.#parts.membership.committed(part) ?? first);
    }
  }
}
