import { realpathSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { assert } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { errors } from '../errors.ts';
import { lockFolder, processToken, type FolderLock } from '../lock.ts';
import { readyMessages, type ReadyMessage } from '../outgoing.ts';
import { partitionOf } from '../partition.ts';
import type { Admin, Consumer, ConsumerOptions, Log, OutgoingMessage, PartitionLag, Producer, TopicSpec } from '../port.ts';
import { logEvents, metricEntries } from '../tables.ts';
import { EmbeddedConsumer } from './embedded/consumer.ts';
import { Database, partsOf, type Part } from './embedded/database.ts';
import { Membership } from './embedded/membership.ts';
import { append, expire, sweptFull, type Retention } from './embedded/messages.ts';
import { Notifier } from './embedded/notifier.ts';
import { Writer } from './embedded/writer.ts';

const DAY_MS = 86_400_000;
const PARTITIONS_MAX = 1_000;

export interface EmbeddedLogOptions {
  /** Made when missing. One process at a time; any number of threads and logs of that process. */
  readonly folder: string;
  readonly telemetry: Telemetry;
  /** Messages older than this (wall time since they were appended) may go. Default 7 days. */
  readonly retentionMs?: number;
  /** A partition larger than this loses its oldest messages. Default 64 MiB. */
  readonly retentionBytesPerPartition?: number;
  /** The file never grows beyond this; then `send` refuses with STREAM_DISK_FULL until groups move on. Default 16 GiB. */
  readonly fileBytesMax?: number;
  readonly sweepEveryMs?: number;
  readonly wallNowMs?: () => number;
}

export interface EmbeddedLog extends Log {
  /** Removes what retention allows now; else it happens every `sweepEveryMs`. */
  sweep(): Promise<number>;
}

/**
 * The log of the standalone profile: one SQLite file, WAL, fsync per commit. Calls block their thread for the time of
 * a commit (0.2 to 3 ms); a tailing consumer sees a message about a millisecond after its commit.
 * @throws STREAM_FOLDER_IN_USE, STREAM_FOLDER_NOT_WRITABLE, STREAM_OTHER_VERSION, STREAM_DISK_FULL, STREAM_CORRUPT
 */
export function createEmbeddedLog(options: EmbeddedLogOptions): EmbeddedLog {
  const lock = lockFolder(options.folder);
  try {
    return new SqliteLog(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class SqliteLog implements EmbeddedLog {
  readonly kind = 'embedded';
  readonly admin: Admin;
  readonly #lock: FolderLock;
  readonly #database: Database;
  readonly #writer: Writer;
  readonly #notifier: Notifier;
  readonly #telemetry: Telemetry;
  readonly #log;
  readonly #metrics;
  readonly #retention: Retention;
  readonly #wallNowMs: () => number;
  readonly #process = processToken();
  readonly #topics = new Map<string, readonly Part[]>();
  readonly #consumers = new Set<EmbeddedConsumer>();
  readonly #sweepTimer: NodeJS.Timeout;
  #closed = false;

  constructor(options: EmbeddedLogOptions, lock: FolderLock) {
    const {
      folder,
      telemetry,
      retentionMs = 7 * DAY_MS,
      retentionBytesPerPartition = 64 * 1024 ** 2,
      fileBytesMax = 16 * 1024 ** 3,
      sweepEveryMs = 30_000,
      wallNowMs = Date.now,
    } = options;
    this.#lock = lock;
    this.#telemetry = telemetry;
    this.#log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
    this.#retention = { ageMs: retentionMs, bytesPerPartition: retentionBytesPerPartition };
    this.#wallNowMs = wallNowMs;
    this.#database = new Database(folder, fileBytesMax);
    this.#writer = new Writer(this.#database, (ms) => this.#metrics.commit.observe(ms));
    this.#notifier = new Notifier(realpathSync(folder));
    this.admin = {
      topics: async () => this.#listTopics(),
      endOffsets: async (topic) => this.#ends(topic),
      lag: async (group, topics) => this.#lag(group, topics),
      forgetGroup: (group) => this.#forgetGroup(group),
    };
    this.#sweepTimer = setInterval(() => {
      this.sweep().catch((error: unknown) => this.#log.RetentionFailed({}, error));
    }, sweepEveryMs);
    this.#sweepTimer.unref();
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.#open();
    for (const { name, partitions } of topics)
      assert(partitions >= 1 && partitions <= PARTITIONS_MAX, `topic ${name}: 1 to ${PARTITIONS_MAX} partitions`);
    const missing = topics.filter(({ name, partitions }) => {
      const existing = partsOf(this.#database, name).length;
      if (existing !== 0 && existing !== partitions)
        throw errors.partitionsDiffer({ topic: name, partitions: existing, wanted: partitions });
      return existing === 0;
    });
    if (missing.length === 0) return;
    await this.#writer.run(0, () => {
      for (const { name, partitions } of missing) {
        this.#database.statement('INSERT INTO topic (name, partitions) VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, partitions);
        for (let number = 0; number < partitions; number++)
          this.#database.statement('INSERT INTO part (topic, number) VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, number);
      }
    });
  }

  producer(): Producer {
    return { send: (topic, messages) => this.#send(topic, messages), close: () => this.#writer.idle() };
  }

  async #send(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.#open();
    const parts = this.#partsOf(topic);
    const nowMs = this.#wallNowMs();
    const ready = readyMessages(topic, messages, nowMs);
    if (ready.length === 0) return;
    const byPart = new Map<Part, ReadyMessage[]>();
    let bytes = 0;
    for (const message of ready) {
      const part = parts[partitionOf(message.key, parts.length)];
      assert(part !== undefined, 'a key falls into a partition of its topic');
      bytes += message.bytes;
      const list = byPart.get(part);
      if (list === undefined) byPart.set(part, [message]);
      else list.push(message);
    }
    await this.#writer.run(bytes, () => {
      for (const [part, list] of byPart) append(this.#database, part, list, nowMs);
    });
    this.#metrics.sent.add(ready.length);
    this.#notifier.notify({ parts: [...byPart.keys()].map(({ id }) => id) });
  }

  async consumer(options: ConsumerOptions): Promise<Consumer> {
    this.#open();
    for (const topic of options.topics) this.#partsOf(topic);
    const membership = new Membership({
      database: this.#database,
      writer: this.#writer,
      group: options.group,
      member: randomUUID(),
      process: this.#process,
      topics: options.topics,
      wallNowMs: this.#wallNowMs,
    });
    const consumer: EmbeddedConsumer = new EmbeddedConsumer(options, {
      database: this.#database,
      membership,
      notifier: this.#notifier,
      telemetry: this.#telemetry,
      onClosed: () => this.#consumers.delete(consumer),
    });
    this.#consumers.add(consumer);
    this.#log.ConsumerJoined({ group: options.group });
    return consumer;
  }

  async sweep(): Promise<number> {
    let removed = 0;
    for (const { id } of this.#database.rows('SELECT id FROM part')) {
      for (;;) {
        if (this.#closed) return removed;
        const now = await this.#writer.run(0, () => expire(this.#database, Number(id), this.#retention, this.#wallNowMs()));
        removed += now;
        if (!sweptFull(now)) break;
      }
    }
    if (removed > 0) this.#log.MessagesExpired({ messages: removed });
    return removed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    this.#closed = true;
    clearInterval(this.#sweepTimer);
    await this.#writer.idle();
    this.#notifier.close();
    this.#database.close();
    this.#lock.release();
  }

  #open(): void {
    if (this.#closed) throw errors.closed();
  }

  #partsOf(topic: string): readonly Part[] {
    let parts = this.#topics.get(topic);
    if (parts === undefined) {
      parts = partsOf(this.#database, topic);
      if (parts.length === 0) throw errors.unknownTopic({ topic });
      this.#topics.set(topic, parts);
    }
    return parts;
  }

  #listTopics(): readonly TopicSpec[] {
    return this.#database
      .rows('SELECT name, partitions FROM topic ORDER BY name')
      .map((row) => ({ name: String(row['name']), partitions: Number(row['partitions']) }));
  }

  #ends(topic: string): readonly { topic: string; partition: number; offset: number }[] {
    this.#partsOf(topic);
    return this.#database
      .rows('SELECT number, next FROM part WHERE topic = ? ORDER BY number', topic)
      .map((row) => ({ topic, partition: Number(row['number']), offset: Number(row['next']) }));
  }

  #lag(group: string, topics: readonly string[]): readonly PartitionLag[] {
    return topics.flatMap((topic) => {
      this.#partsOf(topic);
      const rows = this.#database.rows(
        'SELECT part.number, part.first, part.next AS end, position.next AS committed FROM part LEFT JOIN position ON position.part = part.id AND position.grp = ? WHERE part.topic = ? ORDER BY part.number',
        group,
        topic,
      );
      return rows.map((row) => {
        const committed = row['committed'] === null ? null : Number(row['committed']);
        const end = Number(row['end']);
        return { topic, partition: Number(row['number']), committed, end, lag: end - Math.max(committed ?? 0, Number(row['first'])) };
      });
    });
  }

  #forgetGroup(group: string): Promise<void> {
    return this.#writer.run(0, () => {
      this.#database.statement('DELETE FROM position WHERE grp = ?').run(group);
    });
  }
}
