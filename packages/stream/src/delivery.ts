import { assert, handlingOf } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { logEvents, metricEntries } from './tables.ts';
import type { ConsumerOptions, Message, TopicPartition } from './port.ts';

/** First wait after an error with handling `retry`; doubles each time, with jitter. */
export const RETRY_WAIT_MS = 50;
/** Retries in a row after which the partition counts as paused and the consumer as degraded. */
export const RETRIES_BEFORE_PAUSE = 5;
/** A paused partition is tried again this often. */
export const PAUSE_MS = 3_000;
/** Wait before what a consumer did not take is offered again; doubles up to the maximum while it takes nothing. */
export const FULL_WAIT_MS = 5;
export const FULL_WAIT_MS_MAX = 200;

interface PartitionState {
  attempts: number;
  fullStreak: number;
  /** Messages still to be offered one by one, to find the poisoned one among them. */
  singles: number;
}

/** What became of one offer: how many messages are done, and how long this partition must wait for the next. */
export interface Offered {
  readonly done: number;
  readonly waitMs: number;
}

/**
 * The one place where a consumer's errors are handled; both adapters deliver through it.
 * `offer` rejects only for a crash: the consumer stops.
 */
export class Delivery {
  readonly #options: ConsumerOptions;
  readonly #telemetry: Telemetry;
  readonly #log;
  readonly #metrics;
  readonly #random: () => number;
  readonly #states = new Map<string, PartitionState>();

  constructor(options: ConsumerOptions, telemetry: Telemetry, random: () => number = Math.random) {
    this.#options = options;
    this.#telemetry = telemetry;
    this.#log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
    this.#random = random;
  }

  /** Offers the messages, which lie one after another in the partition. */
  async offer({ topic, partition }: TopicPartition, messages: readonly Message[]): Promise<Offered> {
    const state = this.#state(topic, partition);
    const offered = state.singles > 0 ? messages.slice(0, 1) : messages;
    try {
      const outcome = await this.#options.onBatch({ topic, partition, messages: offered });
      const taken = outcome === undefined ? offered.length : outcome.taken;
      assert(Number.isInteger(taken) && taken >= 0 && taken <= offered.length, 'a consumer took more messages than it was offered');
      return this.#took(topic, partition, state, taken, offered.length);
    } catch (error) {
      return await this.#failed(topic, partition, state, offered, error);
    }
  }

  /** Forgets a partition that was handed back. */
  forget({ topic, partition }: TopicPartition): void {
    this.#states.delete(`${topic}/${partition}`);
    this.#telemetry.health.remove(this.#part(topic, partition));
  }

  /** A failure outside onBatch (a commit, a read) that the world will recover from. */
  backOff({ topic, partition }: TopicPartition, error: unknown): number {
    return this.#retryLater(topic, partition, this.#state(topic, partition), error);
  }

  #took(topic: string, partition: number, state: PartitionState, taken: number, offered: number): Offered {
    if (state.attempts > RETRIES_BEFORE_PAUSE) this.#log.PartitionResumed({ group: this.#options.group, topic, partition });
    if (state.attempts > 0) this.#telemetry.health.remove(this.#part(topic, partition));
    state.attempts = 0;
    state.singles = Math.max(0, state.singles - taken);
    this.#metrics.delivered.add(taken);
    if (taken === offered) {
      state.fullStreak = 0;
      return { done: taken, waitMs: 0 };
    }
    state.fullStreak = taken === 0 ? state.fullStreak + 1 : 0;
    this.#metrics.refusedFull.add();
    return { done: taken, waitMs: Math.min(FULL_WAIT_MS * 2 ** Math.min(state.fullStreak, 10), FULL_WAIT_MS_MAX) };
  }

  async #failed(topic: string, partition: number, state: PartitionState, offered: readonly Message[], error: unknown): Promise<Offered> {
    const handling = handlingOf(error);
    switch (handling) {
      case 'crash':
        this.#log.ConsumerStopped({ group: this.#options.group, topic, partition, offset: offered[0]?.offset }, error);
        throw error;
      case 'retry':
        return { done: 0, waitMs: this.#retryLater(topic, partition, state, error) };
      case 'quarantine':
      case 'refuse': {
        const message = offered[0];
        assert(message !== undefined, 'a batch has at least one message');
        if (offered.length > 1) {
          state.singles = offered.length;
          return { done: 0, waitMs: 0 };
        }
        try {
          await this.#options.onPoison({ topic, partition, message }, error);
        } catch (copyError) {
          if (handlingOf(copyError) === 'crash') {
            this.#log.ConsumerStopped({ group: this.#options.group, topic, partition, offset: message.offset }, copyError);
            throw copyError;
          }
          return { done: 0, waitMs: this.#retryLater(topic, partition, state, copyError) };
        }
        this.#log.MessageQuarantined({ group: this.#options.group, topic, partition, offset: message.offset }, error);
        this.#metrics.poisoned.add();
        return this.#took(topic, partition, state, 1, 1);
      }
    }
  }

  #retryLater(topic: string, partition: number, state: PartitionState, error: unknown): number {
    state.attempts++;
    this.#metrics.retried.add();
    const jitter = 0.5 + this.#random() / 2;
    if (state.attempts <= RETRIES_BEFORE_PAUSE) return RETRY_WAIT_MS * 2 ** (state.attempts - 1) * jitter;
    if (state.attempts === RETRIES_BEFORE_PAUSE + 1) this.#log.PartitionPaused({ group: this.#options.group, topic, partition }, error);
    this.#telemetry.health.set(this.#part(topic, partition), 'degraded', error instanceof Error ? error.message : String(error));
    return PAUSE_MS * jitter;
  }

  #part(topic: string, partition: number): string {
    return `consumer ${this.#options.group} ${topic}/${partition}`;
  }

  #state(topic: string, partition: number): PartitionState {
    const key = `${topic}/${partition}`;
    let state = this.#states.get(key);
    if (state === undefined) this.#states.set(key, (state = { attempts: 0, fullStreak: 0, singles: 0 }));
    return state;
  }
}
