import { handlingOf } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { readyMessages } from '../../outgoing.ts';
import { partitionOf } from '../../partition.ts';
import type { OutgoingMessage, Producer } from '../../port.ts';
import { SendQueue, type Outgoing } from '../../send-queue.ts';
import { metricEntries } from '../../tables.ts';
import { mapped } from './messages.ts';

/** A message as the client takes it, with its partition decided by us. */
export interface BatchMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
  readonly partition: number;
  readonly timestamp: string;
}

/** What we use of the client's producer. */
export interface BatchSender {
  sendBatch(batch: { acks: number; topicMessages: { topic: string; messages: BatchMessage[] }[] }): Promise<unknown>;
  disconnect(): Promise<void>;
}

/** Sends one request at a time, so that order holds; what is asked meanwhile joins the next. */
export class KafkaProducer implements Producer {
  readonly #connect: () => Promise<BatchSender>;
  readonly #telemetry: Telemetry;
  readonly #metrics;
  readonly #partitionsOf: (topic: string) => Promise<number>;
  readonly #onClosed: () => void;
  readonly #queue = new SendQueue((messages) => this.#request(messages));
  #client: Promise<BatchSender> | undefined;
  /** Sends of one topic wait here for its number of partitions, in order. */
  #ordered: Promise<unknown> = Promise.resolve();

  constructor(
    connect: () => Promise<BatchSender>,
    telemetry: Telemetry,
    partitionsOf: (topic: string) => Promise<number>,
    onClosed: () => void,
  ) {
    this.#connect = connect;
    this.#telemetry = telemetry;
    this.#metrics = telemetry.metrics(metricEntries);
    this.#partitionsOf = partitionsOf;
    this.#onClosed = onClosed;
  }

  async send(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const ready = readyMessages(topic, messages, Date.now());
    const placed = this.#ordered.then(() => this.#partitionsOf(topic));
    this.#ordered = placed.catch(() => undefined);
    const partitions = await placed;
    if (ready.length === 0) return;
    await this.#queue.send(ready.map((message) => ({ ...message, topic, partition: partitionOf(message.key, partitions) })));
    this.#metrics.sent.add(ready.length);
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    this.#onClosed();
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await (await client).disconnect();
  }

  async #request(messages: readonly Outgoing[]): Promise<void> {
    const byTopic = new Map<string, BatchMessage[]>();
    for (const { topic, partition, key, value, headers, timestampMs } of messages) {
      const message = {
        key,
        value: Buffer.from(value.buffer, value.byteOffset, value.length),
        headers,
        partition,
        timestamp: String(Math.round(timestampMs)),
      };
      const list = byTopic.get(topic);
      if (list === undefined) byTopic.set(topic, [message]);
      else list.push(message);
    }
    const startedMs = performance.now();
    try {
      const client = await this.#connected();
      await client.sendBatch({ acks: -1, topicMessages: [...byTopic].map(([topic, list]) => ({ topic, messages: list })) });
      this.#telemetry.health.remove('broker');
      this.#metrics.commit.observe(performance.now() - startedMs);
    } catch (error) {
      // A producer that gave up may have left a hole in its sequence numbers: the next send gets a fresh one.
      const broken = this.#client;
      this.#client = undefined;
      broken?.then((client) => client.disconnect()).catch(() => undefined);
      const own = mapped(error);
      if (handlingOf(own) === 'retry') this.#telemetry.health.set('broker', 'degraded', 'no broker answered');
      throw own;
    }
  }

  #connected(): Promise<BatchSender> {
    this.#client ??= this.#connect();
    return this.#client;
  }
}
