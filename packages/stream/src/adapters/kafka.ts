import kafkajs from 'kafkajs';
import type * as K from 'kafkajs';
import { assert } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { Delivery } from '../delivery.ts';
import { errors } from '../errors.ts';
import {
  BATCH_BYTES_DEFAULT,
  BATCH_MESSAGES_DEFAULT,
  type Admin,
  type Consumer,
  type ConsumerOptions,
  type Log,
  type PartitionLag,
  type Position,
  type Producer,
  type TopicPartition,
  type TopicSpec,
} from '../port.ts';
import { logEvents } from '../tables.ts';
import { mapped, sliceOf } from './kafka/messages.ts';
import { KafkaProducer } from './kafka/producer.ts';

/** Outlasts a broker's restart (about 13 s until its clients are back); kafkajs gives up after 5 by default. */
const RETRY = { retries: 50, initialRetryTime: 100, maxRetryTime: 2_000 };
/** Requests of a person's screen must not hang as long as a producer may. */
const ADMIN_RETRY = { retries: 8, initialRetryTime: 100, maxRetryTime: 1_000 };
/** A member that is silent for so long is dead: with the rejoin, processing resumes within 15 s. */
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_000;
const REBALANCE_MS = 30_000;
/** A fetch returns at once when there is a message; without one it returns after this, and heartbeats. */
const FETCH_WAIT_MS = 250;
/** Shorter waits keep the fetched messages in hand; longer ones pause the partition, so that others go on. */
const PAUSE_OVER_MS = 500;

/** Where kafkajs reports that it cannot reach a broker. */
const BROKER_PARTS = new Set(['Connection', 'BrokerPool']);

export interface KafkaLogOptions {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly telemetry: Telemetry;
  /** Copies of each partition of a topic that createTopics makes. 1 by default; 3 in a cluster that must lose nothing. */
  readonly replicas?: number;
  readonly ssl?: boolean;
  readonly sasl?: { readonly mechanism: 'scram-sha-512'; readonly username: string; readonly password: string };
}

/**
 * The log of the cluster profile. Nothing is connected before it is needed; a broker that is away is waited for.
 * Its client's own retries are idempotent: none lost, none doubled over a broker's restart.
 */
export function createKafkaLog(options: KafkaLogOptions): Log {
  return new KafkaLog(options);
}

class KafkaLog implements Log {
  readonly kind = 'kafka';
  readonly admin: Admin;
  readonly #kafka: K.Kafka;
  readonly #telemetry: Telemetry;
  readonly #replicas: number;
  readonly #partitions = new Map<string, number>();
  readonly #consumers = new Set<KafkaConsumer>();
  readonly #producers = new Set<KafkaProducer>();
  #admin: Promise<K.Admin> | undefined;
  #closed = false;

  constructor({ brokers, clientId, telemetry, replicas = 1, ssl = false, sasl }: KafkaLogOptions) {
    this.#telemetry = telemetry;
    this.#replicas = replicas;
    const log = telemetry.log(logEvents);
    this.#kafka = new kafkajs.Kafka({
      brokers: [...brokers],
      clientId,
      ssl,
      ...(sasl === undefined ? {} : { sasl }),
      retry: RETRY,
      logLevel: kafkajs.logLevel.WARN,
      logCreator: () => (entry) => {
        // The client retries without telling its callers: its log is the first to know that a broker is away.
        if (entry.level === kafkajs.logLevel.ERROR && BROKER_PARTS.has(entry.namespace))
          telemetry.health.set('broker', 'degraded', 'no broker answered');
        const { message, error } = entry.log;
        log.BrokerComplained({ part: entry.namespace, complaint: message, error: typeof error === 'string' ? error : undefined });
      },
    });
    this.admin = {
      topics: () => this.#listTopics(),
      endOffsets: async (topic) => (await this.#bounds(topic)).map(({ partition, next }) => ({ topic, partition, offset: next })),
      lag: async (group, topics) => (await Promise.all(topics.map((topic) => this.#lag(group, topic)))).flat(),
      forgetGroup: (group) => this.#forgetGroup(group),
    };
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    const existing = new Map((await this.#listTopics()).map(({ name, partitions }) => [name, partitions]));
    for (const { name, partitions } of topics) {
      const have = existing.get(name);
      if (have !== undefined && have !== partitions) throw errors.partitionsDiffer({ topic: name, partitions: have, wanted: partitions });
    }
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return;
    await this.#ask((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions, replicationFactor: this.#replicas })),
      }),
    );
  }

  producer(): Producer {
    const producer: KafkaProducer = new KafkaProducer(
      () => this.#connectedProducer(),
      this.#telemetry,
      (topic) => this.#partitionsOf(topic),
      () => this.#producers.delete(producer),
    );
    this.#producers.add(producer);
    return producer;
  }

  async consumer(options: ConsumerOptions): Promise<Consumer> {
    if (this.#closed) throw errors.closed();
    for (const topic of options.topics) await this.#partitionsOf(topic);
    const consumer: KafkaConsumer = new KafkaConsumer(
      this.#kafka,
      options,
      this.#telemetry,
      (topic) => this.#bounds(topic),
      () => this.#consumers.delete(consumer),
    );
    this.#consumers.add(consumer);
    await consumer.start();
    return consumer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.all([...this.#producers].map((producer) => producer.close()));
    const admin = this.#admin;
    this.#admin = undefined;
    if (admin !== undefined) await (await admin).disconnect();
  }

  async #connectedProducer(): Promise<K.Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: RETRY,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
    await producer.connect();
    return producer;
  }

  async #ask<T>(question: (admin: K.Admin) => Promise<T>): Promise<T> {
    if (this.#admin === undefined) {
      const admin = this.#kafka.admin({ retry: ADMIN_RETRY });
      const connecting = admin.connect().then(() => admin);
      this.#admin = connecting;
      connecting.catch(() => {
        if (this.#admin === connecting) this.#admin = undefined;
      });
    }
    try {
      return await question(await this.#admin);
    } catch (error) {
      throw mapped(error);
    }
  }

  async #listTopics(): Promise<readonly TopicSpec[]> {
    const { topics } = await this.#ask((admin) => admin.fetchTopicMetadata());
    return topics.filter(({ name }) => !name.startsWith('__')).map(({ name, partitions }) => ({ name, partitions: partitions.length }));
  }

  async #partitionsOf(topic: string): Promise<number> {
    const known = this.#partitions.get(topic);
    if (known !== undefined) return known;
    for (const { name, partitions } of await this.#listTopics()) this.#partitions.set(name, partitions);
    const partitions = this.#partitions.get(topic);
    if (partitions === undefined) throw errors.unknownTopic({ topic });
    return partitions;
  }

  async #bounds(topic: string): Promise<Bounds[]> {
    await this.#partitionsOf(topic);
    const offsets = await this.#ask((admin) => admin.fetchTopicOffsets(topic));
    return offsets
      .map(({ partition, low, high }) => ({ partition, first: Number(low), next: Number(high) }))
      .sort((a, b) => a.partition - b.partition);
  }

  async #lag(group: string, topic: string): Promise<PartitionLag[]> {
    const bounds = await this.#bounds(topic);
    const fetched = await this.#ask((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    const committedOf = new Map((fetched[0]?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
    return bounds.map(({ partition, first, next }) => {
      const offset = committedOf.get(partition) ?? -1;
      return { topic, partition, committed: offset < 0 ? null : offset, end: next, lag: next - Math.max(offset, first) };
    });
  }

  async #forgetGroup(group: string): Promise<void> {
    const groups = await this.#ask((admin) => admin.listGroups());
    if (groups.groups.some(({ groupId }) => groupId === group)) await this.#ask((admin) => admin.deleteGroups([group]));
  }
}

interface Bounds {
  readonly partition: number;
  readonly first: number;
  readonly next: number;
}

class KafkaConsumer implements Consumer {
  readonly finished: Promise<void>;
  readonly #finish: PromiseWithResolvers<void>;
  readonly #options: ConsumerOptions;
  readonly #telemetry: Telemetry;
  readonly #log;
  readonly #delivery: Delivery;
  readonly #client: K.Consumer;
  readonly #boundsOf: (topic: string) => Promise<Bounds[]>;
  readonly #onClosed: () => void;
  #assigned: readonly TopicPartition[] = [];
  /** Next offset to deliver, per partition that was begun once. */
  readonly #next = new Map<string, number>();
  /** Where partitions begin is settled before their first batch. */
  #assigning: Promise<void> = Promise.resolve();
  #underWay: Promise<void> = Promise.resolve();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;
  #closing: Promise<void> | undefined;

  constructor(
    kafka: K.Kafka,
    options: ConsumerOptions,
    telemetry: Telemetry,
    boundsOf: (topic: string) => Promise<Bounds[]>,
    onClosed: () => void,
  ) {
    this.#options = options;
    this.#telemetry = telemetry;
    this.#log = telemetry.log(logEvents);
    this.#delivery = new Delivery(options, telemetry);
    this.#boundsOf = boundsOf;
    this.#onClosed = onClosed;
    this.#finish = Promise.withResolvers<void>();
    this.finished = this.#finish.promise;
    const { maxBatchBytes = BATCH_BYTES_DEFAULT } = options;
    this.#client = kafka.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: Math.max(1_048_576, maxBatchBytes),
      maxBytes: Math.max(4 * 1_048_576, maxBatchBytes),
      allowAutoTopicCreation: false,
      retry: { ...RETRY, restartOnFailure: async () => !this.#stopped },
    });
  }

  async start(): Promise<void> {
    const { events } = this.#client;
    this.#client.on(events.GROUP_JOIN, ({ payload }) => {
      this.#assigning = this.#joined(
        Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition }))),
      );
      this.#assigning.catch((error: unknown) => this.#crash(error));
    });
    this.#client.on(events.FETCH, () => this.#telemetry.health.remove('broker'));
    this.#client.on(events.CRASH, ({ payload }) => {
      this.#telemetry.health.set(`group ${this.#options.group}`, 'degraded', 'the consumer lost its brokers and starts again');
      if (!payload.restart) this.#crash(payload.error);
    });
    try {
      await this.#client.connect();
      await this.#client.subscribe({ topics: [...this.#options.topics], fromBeginning: this.#options.from !== 'latest' });
      await this.#client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 1,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
    } catch (error) {
      throw mapped(error);
    }
    this.#log.ConsumerJoined({ group: this.#options.group });
  }

  async commit(positions: readonly Position[]): Promise<void> {
    if (this.#options.from === 'latest' || positions.length === 0) return;
    for (const position of positions) this.#mustOwn(position);
    try {
      await this.#client.commitOffsets(positions.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })));
    } catch (error) {
      throw mapped(error, this.#options.group);
    }
  }

  async seek({ topic, partition, offset }: TopicPartition & { readonly offset: number | 'earliest' | 'latest' }): Promise<void> {
    this.#mustOwn({ topic, partition });
    const bounds = (await this.#boundsOf(topic)).find((each) => each.partition === partition);
    assert(bounds !== undefined, 'an assigned partition exists');
    this.#seekTo(
      { topic, partition },
      offset === 'earliest' ? bounds.first : offset === 'latest' ? bounds.next : Math.min(Math.max(offset, bounds.first), bounds.next),
    );
  }

  assignment(): readonly TopicPartition[] {
    return this.#assigned;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopped = true;
    await this.#underWay;
    if (this.#assigned.length > 0) await this.#options.onRevoked?.(this.#assigned);
    for (const partition of this.#assigned) this.#delivery.forget(partition);
    this.#assigned = [];
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#client.disconnect();
    this.#telemetry.health.remove(`group ${this.#options.group}`);
    this.#onClosed();
    this.#finish.resolve();
  }

  #crash(error: unknown): void {
    if (this.#stopped) return;
    this.#finish.reject(error);
    void this.close();
  }

  #mustOwn({ topic, partition }: TopicPartition): void {
    if (!this.#assigned.some((own) => own.topic === topic && own.partition === partition))
      throw errors.fenced({ group: this.#options.group, topic, partition });
  }

  #seekTo({ topic, partition }: TopicPartition, offset: number): void {
    this.#next.set(`${topic}/${partition}`, offset);
    this.#client.seek({ topic, partition, offset: String(offset) });
  }

  async #joined(assigned: readonly TopicPartition[]): Promise<void> {
    const before = this.#assigned;
    this.#assigned = assigned;
    const among = (list: readonly TopicPartition[], one: TopicPartition): boolean =>
      list.some(({ topic, partition }) => topic === one.topic && partition === one.partition);
    const lost = before.filter((one) => !among(assigned, one));
    const won = assigned.filter((one) => !among(before, one));
    if (lost.length > 0) await this.#options.onRevoked?.(lost);
    for (const partition of lost) this.#delivery.forget(partition);
    if (this.#options.from !== 'committed') await this.#beginAt(assigned);
    if (won.length > 0) await this.#options.onAssigned?.(won);
    this.#telemetry.health.remove(`group ${this.#options.group}`);
    this.#log.PartitionsAssigned({ group: this.#options.group, partitions: assigned.length });
  }

  /** `earliest` and `latest` speak of the first time; a viewer that rejoins goes on where it was. */
  async #beginAt(partitions: readonly TopicPartition[]): Promise<void> {
    const { from } = this.#options;
    for (const { topic, partition } of partitions) {
      const again = this.#next.get(`${topic}/${partition}`);
      if (again === undefined) {
        const bounds = (await this.#boundsOf(topic)).find((each) => each.partition === partition);
        assert(bounds !== undefined, 'an assigned partition exists');
        this.#seekTo({ topic, partition }, from === 'earliest' ? bounds.first : bounds.next);
      } else if (from === 'latest') {
        this.#seekTo({ topic, partition }, again);
      }
    }
  }

  async #eachBatch(payload: K.EachBatchPayload): Promise<void> {
    await this.#assigning;
    if (this.#stopped || payload.isStale()) return;
    let heartbeatError: Error | undefined;
    const timer = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => {
        heartbeatError ??= error instanceof Error ? error : new Error(String(error));
      });
    }, HEARTBEAT_MS);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#underWay = promise;
    try {
      await this.#deliver(payload, () => heartbeatError !== undefined);
    } catch (error) {
      if (error instanceof Error && error.name.startsWith('KafkaJS')) throw error;
      this.#crash(error);
      return;
    } finally {
      clearInterval(timer);
      resolve();
    }
    // Thrown after the commit: kafkajs joins the group again.
    if (heartbeatError !== undefined) throw heartbeatError;
    if (!this.#stopped) await payload.heartbeat();
  }

  async #deliver(payload: K.EachBatchPayload, interrupted: () => boolean): Promise<void> {
    const { maxBatch = BATCH_MESSAGES_DEFAULT, maxBatchBytes = BATCH_BYTES_DEFAULT, commit = 'afterBatch', from } = this.#options;
    const { topic, partition } = payload.batch;
    const rest = payload.batch.messages;
    let at = 0;
    while (at < rest.length && !this.#stopped && !interrupted() && !payload.isStale() && payload.isRunning()) {
      const slice = sliceOf(rest, at, maxBatch, maxBatchBytes);
      const { done, waitMs } = await this.#delivery.offer({ topic, partition }, slice);
      if (payload.isStale()) return;
      if (done > 0) {
        at += done;
        const last = slice[done - 1];
        assert(last !== undefined, 'what was taken was offered');
        this.#next.set(`${topic}/${partition}`, last.offset + 1);
        if (commit === 'afterBatch' && from !== 'latest')
          await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(last.offset + 1) }] }] });
        payload.resolveOffset(String(last.offset));
      }
      if (waitMs > PAUSE_OVER_MS) {
        const resume = payload.pause();
        this.#later(waitMs, resume);
        return;
      }
      if (waitMs > 0) await new Promise<void>((resolve) => this.#later(waitMs, resolve));
    }
  }

  #later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }
}
