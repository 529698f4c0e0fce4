/** Bytes of key, value and headers together that one message may have; a broker's own default limit is a little higher. */
export const MESSAGE_BYTES_MAX = 1_000_000;
/** Messages of one batch, when a consumer does not say. */
export const BATCH_MESSAGES_DEFAULT = 500;
/** Bytes of one batch, when a consumer does not say. A single message is always delivered, however large. */
export const BATCH_BYTES_DEFAULT = 4 * 1024 * 1024;
/** Bytes that may wait in one producer for the disk or the broker; past it `send` refuses with STREAM_QUEUE_FULL. */
export const SEND_QUEUE_BYTES_MAX = 64 * 1024 * 1024;

export interface TopicSpec {
  readonly name: string;
  /** 1 to 1,000. The order of messages holds within a partition, thus per key. */
  readonly partitions: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A place in a partition: the offset of the next message to read. */
export interface Position extends TopicPartition {
  readonly offset: number;
}

export interface OutgoingMessage {
  /** Decides the partition. Never a raw identifier of a person. */
  readonly key: string;
  readonly value: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Epoch ms; wall time of sending when left out. */
  readonly timestampMs?: number;
}

export interface Message {
  readonly offset: number;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
}

/** Messages of one partition in their order, at least one. */
export interface Batch extends TopicPartition {
  readonly messages: readonly Message[];
}

export interface PoisonedMessage extends TopicPartition {
  readonly message: Message;
}

/** How much of a batch was taken: fewer than offered is back-pressure, and the rest is offered again a little later. */
export interface BatchOutcome {
  readonly taken: number;
}

export interface Producer {
  /**
   * Resolves when all messages are durable (fsync, or every in-sync replica). Sends of one producer keep their order.
   * After a rejection with handling `retry` some of them may be durable: send again, consumers drop what they have seen.
   * @throws STREAM_MESSAGE_TOO_LARGE, STREAM_UNKNOWN_TOPIC (refuse; nothing was sent), STREAM_QUEUE_FULL,
   * STREAM_DISK_FULL, STREAM_BROKER_UNREACHABLE (retry). Cost: one fsync or round trip for all sends that wait together.
   */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  /** Members of a group share the partitions; groups are independent of each other. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Where to begin a partition: at the committed position (the oldest kept message when there is none), at the oldest
   * kept message whatever was committed, or at the end. A `latest` consumer is a passing viewer: it commits nothing.
   */
  readonly from: 'committed' | 'earliest' | 'latest';
  readonly maxBatch?: number;
  readonly maxBatchBytes?: number;
  /** `afterBatch`: what was taken is committed when onBatch resolves. `explicit`: only {@link Consumer.commit} commits. */
  readonly commit?: 'afterBatch' | 'explicit';
  /**
   * Takes a batch, one at a time per consumer. Resolving without a value takes all. What it throws is handled by the
   * error's handling: `quarantine` and `refuse` isolate the message and hand it to onPoison; `retry` backs off and then
   * pauses the partition, which shows as degraded; `crash` and foreign errors stop the consumer. Messages may come again.
   */
  onBatch(batch: Batch): Promise<BatchOutcome | void>;
  /** Must copy the message durably before it resolves; then the consumer goes on behind it. A failure is retried. */
  onPoison(poisoned: PoisonedMessage, error: unknown): Promise<void>;
  /** Partitions that this member now owns. The first batch of them waits for it. */
  onAssigned?(partitions: readonly TopicPartition[]): Promise<void>;
  /** Partitions about to be handed back (embedded) or just taken away (Kafka): finish and commit what is under way. */
  onRevoked?(partitions: readonly TopicPartition[]): Promise<void>;
}

export interface Consumer {
  /** Resolves after close, rejects when the consumer crashed. Not looking at it lets a crash end the process. */
  readonly finished: Promise<void>;
  /**
   * Commits positions of own partitions: everything before each offset is done.
   * @throws STREAM_FENCED when a partition has gone to another member (its messages are delivered there again)
   */
  commit(positions: readonly Position[]): Promise<void>;
  /** Reads on from an offset of an own partition; the oldest kept message when it is gone. Committed positions stay. */
  seek(position: TopicPartition & { readonly offset: number | 'earliest' | 'latest' }): Promise<void>;
  assignment(): readonly TopicPartition[];
  /** Waits for the batch under way, then leaves the group. Not to be awaited inside onBatch, which it waits for. */
  close(): Promise<void>;
}

export interface PartitionLag extends TopicPartition {
  /** Position of the group, or null when it has none here. */
  readonly committed: number | null;
  readonly end: number;
  /** Messages between the position (the oldest kept message without one) and the end. */
  readonly lag: number;
}

export interface Admin {
  topics(): Promise<readonly TopicSpec[]>;
  /** Offsets that the next messages will get. */
  endOffsets(topic: string): Promise<readonly Position[]>;
  /** Lag of a group in the topics given. */
  lag(group: string, topics: readonly string[]): Promise<readonly PartitionLag[]>;
  /** Forgets the positions of a group that will not come back, so that it no longer holds messages. */
  forgetGroup(group: string): Promise<void>;
}

/** A durable, partitioned, replayable log. Both adapters pass the suite in `log.conformance.ts`. */
export interface Log {
  readonly kind: 'embedded' | 'kafka';
  /** Makes what is missing. @throws STREAM_PARTITIONS_DIFFER when a topic exists with another number of partitions */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  producer(): Producer;
  /** Joins the group and begins to deliver. */
  consumer(options: ConsumerOptions): Promise<Consumer>;
  readonly admin: Admin;
  /** Closes consumers, then producers, then the log. */
  close(): Promise<void>;
}
