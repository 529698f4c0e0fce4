import { createHash } from 'node:crypto';
import { createClient } from 'redis';
import { SkyeyeError } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { checkClaim, checkName, checkSize, errors } from '../errors.ts';
import { WAITING_COMMANDS_MAX, type IncrementOptions, type SetOptions, type Snapshot, type SnapshotInfo, type Store } from '../port.ts';
import { logEvents, metricEntries } from '../tables.ts';
import { FanOut } from './fan-out.ts';

const RECONNECT_MS_MAX = 1_000;
/** A command that has no answer by then is given up with STORE_UNREACHABLE; it may still have happened. */
const ANSWER_MS_MAX = 3_000;
/** Snapshots are cut, because one huge value would hold up everybody else on the server. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const CHUNK_MS_MAX = 10_000;
const SCAN_COUNT = 500;

export interface RedisStoreOptions {
  /** `redis://[user:password@]host:port[/db]` */
  readonly url: string;
  readonly telemetry: Telemetry;
  /** Put before every key and channel, so that several counties share a server. Default `skyeye:`. */
  readonly prefix?: string;
  readonly wallNowMs?: () => number;
}

/** As a function of its own, so that the client's many type parameters are inferred once. */
function makeClient(url: string) {
  return createClient({
    url,
    RESP: 2,
    commandsQueueMaxLength: WAITING_COMMANDS_MAX,
    socket: {
      connectTimeout: 2_000,
      keepAlive: true,
      reconnectStrategy: (retries: number) => Math.min(20 * 2 ** Math.min(retries, 10), RECONNECT_MS_MAX) * (0.5 + Math.random() / 2),
    },
  });
}
type Client = ReturnType<typeof makeClient>;

/**
 * The store of the cluster profile. Reconnects by itself; commands wait for it up to ANSWER_MS_MAX.
 * @throws STORE_UNREACHABLE when the server does not answer at the start
 */
export async function createRedisStore({ url, telemetry, prefix = 'skyeye:', wallNowMs = Date.now }: RedisStoreOptions): Promise<Store> {
  const log = telemetry.log(logEvents);
  const [client, subscriber] = [makeClient(url), makeClient(url)];
  for (const each of [client, subscriber]) {
    // Errors repeat with every try to reconnect: the first is logged.
    let connected = false;
    each.on('error', (error: unknown) => {
      if (connected) log.StoreDisconnected({}, error);
      connected = false;
      telemetry.health.set('redis', 'degraded', 'the store does not answer');
    });
    each.on('ready', () => {
      connected = true;
      if (client.isReady) telemetry.health.set('redis', 'ok');
      log.StoreConnected();
    });
  }
  try {
    await answered(Promise.all([client.connect(), subscriber.connect()]), ANSWER_MS_MAX);
  } catch (error) {
    client.destroy();
    subscriber.destroy();
    throw mapRedis(error);
  }
  return new RedisStore(client, subscriber, prefix, telemetry, wallNowMs);
}

class RedisStore implements Store {
  readonly kind = 'redis';
  readonly #client: Client;
  readonly #subscriber: Client;
  readonly #prefix: string;
  readonly #fanOut: FanOut;
  readonly #log;
  readonly #metrics;
  readonly #wallNowMs: () => number;
  #closed = false;

  constructor(client: Client, subscriber: Client, prefix: string, telemetry: Telemetry, wallNowMs: () => number) {
    this.#client = client;
    this.#subscriber = subscriber;
    this.#prefix = prefix;
    this.#fanOut = new FanOut(telemetry);
    this.#log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
    this.#wallNowMs = wallNowMs;
  }

  async get(key: string): Promise<string | undefined> {
    checkName(key);
    return (await this.#ask(() => this.#client.get(this.#key(key)))) ?? undefined;
  }

  async set(key: string, value: string, { ttlMs, onlyIfAbsent = false }: SetOptions = {}): Promise<boolean> {
    checkName(key);
    checkSize('value', value);
    const reply = await this.#ask(() =>
      this.#client.set(this.#key(key), value, {
        ...(ttlMs === undefined ? {} : { expiration: { type: 'PX' as const, value: Math.max(1, Math.ceil(ttlMs)) } }),
        ...(onlyIfAbsent ? { condition: 'NX' as const } : {}),
      }),
    );
    return reply !== null;
  }

  async claim(
    entries: readonly { readonly key: string; readonly value: string }[],
    { ttlMs }: { readonly ttlMs: number },
  ): Promise<readonly string[]> {
    checkClaim(entries);
    const expiration = { type: 'PX' as const, value: Math.max(1, Math.ceil(ttlMs)) };
    // Sent together, answered in order: SET NX GET gives what stood before, and nothing where the key is new.
    const before = await this.#ask(() =>
      Promise.all(entries.map(({ key, value }) => this.#client.set(this.#key(key), value, { condition: 'NX', GET: true, expiration }))),
    );
    return entries.map(({ value }, index) => before[index] ?? value);
  }

  async delete(key: string): Promise<boolean> {
    checkName(key);
    return (await this.#ask(() => this.#client.del(this.#key(key)))) > 0;
  }

  async increment(key: string, { by = 1, ttlMs }: IncrementOptions = {}): Promise<number> {
    checkName(key);
    const name = this.#key(key);
    if (ttlMs === undefined) return this.#ask(() => this.#client.incrBy(name, by));
    // In one transaction: a counter without an end would otherwise stay if we died in between.
    const [count] = await this.#ask(() =>
      this.#client
        .multi()
        .incrBy(name, by)
        .pExpire(name, Math.max(1, Math.ceil(ttlMs)), 'NX')
        .exec(),
    );
    return Number(count);
  }

  async keys(prefix: string, limit = 1_000): Promise<readonly string[]> {
    const found = new Set<string>();
    const match = `${this.#key(prefix).replaceAll(/[*?[\]\\]/g, String.raw`\$&`)}*`;
    let cursor = '0';
    do {
      const page = await this.#ask(() => this.#client.scan(cursor, { MATCH: match, COUNT: SCAN_COUNT }));
      for (const key of page.keys) found.add(key.slice(this.#key('').length));
      cursor = page.cursor;
    } while (cursor !== '0' && found.size < limit);
    return [...found].sort().slice(0, limit);
  }

  async publish(channel: string, message: string): Promise<void> {
    checkName(channel);
    checkSize('message', message);
    await this.#ask(() => this.#client.publish(this.#prefix + channel, message));
    this.#metrics.published.add();
  }

  async subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>> {
    checkName(channel);
    const own = (message: string): void => handler(message);
    // The client subscribes again by itself after a reconnect.
    if (this.#fanOut.add(channel, own))
      await this.#ask(() => this.#subscriber.subscribe(this.#prefix + channel, (message) => this.#fanOut.deliver(channel, message)));
    return async () => {
      if (this.#fanOut.remove(channel, own) && !this.#closed) await this.#ask(() => this.#subscriber.unsubscribe(this.#prefix + channel));
    };
  }

  async putSnapshot(name: string, bytes: Uint8Array): Promise<SnapshotInfo> {
    checkName(name);
    checkSize('snapshot', bytes);
    const startedMs = performance.now();
    const heads = await this.#heads(name);
    const generation = await this.#ask(() => this.#client.incr(this.#snapshotKey(name, 'counter')));
    const info: SnapshotInfo = {
      name,
      generation,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      writtenAtMs: this.#wallNowMs(),
    };
    const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
    for (let i = 0; i < chunks; i++) {
      const part = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
      await this.#ask(
        () => this.#client.set(this.#snapshotKey(name, `${generation}:${i}`), Buffer.from(part.buffer, part.byteOffset, part.length)),
        CHUNK_MS_MAX,
      );
    }
    // The head is what makes it visible: one command, after all chunks are there.
    const kept = [info, ...heads].slice(0, 2);
    await this.#ask(() => this.#client.hSet(this.#snapshotKey('', 'heads'), name, JSON.stringify(kept)));
    for (const old of heads.slice(1)) await this.#dropChunks(old);
    this.#metrics.snapshotTook.observe(performance.now() - startedMs);
    this.#metrics.snapshotBytes.set(bytes.length);
    return info;
  }

  async getSnapshot(name: string): Promise<Snapshot | undefined> {
    checkName(name);
    const heads = await this.#heads(name);
    for (const [index, info] of heads.entries()) {
      const bytes = await this.#readChunks(info);
      if (bytes.length === info.bytes && createHash('sha256').update(bytes).digest('hex') === info.sha256)
        return { info, bytes, isPrevious: index > 0 };
      this.#log.SnapshotDamaged({ name, generation: info.generation });
    }
    if (heads.length > 0) throw errors.snapshotDamaged({ name });
    return undefined;
  }

  async listSnapshots(): Promise<readonly SnapshotInfo[]> {
    const all = await this.#ask(() => this.#client.hGetAll(this.#snapshotKey('', 'heads')));
    return Object.values(all)
      .flatMap((heads) => (JSON.parse(heads) as SnapshotInfo[]).slice(0, 1))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async deleteSnapshot(name: string): Promise<void> {
    checkName(name);
    const heads = await this.#heads(name);
    await this.#ask(() => this.#client.hDel(this.#snapshotKey('', 'heads'), name));
    for (const info of heads) await this.#dropChunks(info);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const client of [this.#client, this.#subscriber]) {
      if (client.isReady) await client.close();
      else client.destroy();
    }
  }

  /** Keys lie beside snapshots, so neither can be taken for the other. */
  #key(key: string): string {
    return `${this.#prefix}k:${key}`;
  }

  #snapshotKey(name: string, rest: string): string {
    return `${this.#prefix}s:${encodeURIComponent(name)}:${rest}`;
  }

  async #heads(name: string): Promise<SnapshotInfo[]> {
    const heads = await this.#ask(() => this.#client.hGet(this.#snapshotKey('', 'heads'), name));
    return heads === null || heads === undefined ? [] : (JSON.parse(heads) as SnapshotInfo[]);
  }

  async #readChunks({ name, generation, bytes }: SnapshotInfo): Promise<Uint8Array> {
    const parts: Buffer[] = [];
    for (let i = 0; i < Math.ceil(bytes / CHUNK_BYTES); i++) {
      const part = await this.#ask(
        () => this.#client.withTypeMapping({ [BLOB_STRING]: Buffer }).get(this.#snapshotKey(name, `${generation}:${i}`)),
        CHUNK_MS_MAX,
      );
      // A chunk that is gone leaves a length that does not match: damage.
      if (part !== null) parts.push(part as unknown as Buffer);
    }
    return Buffer.concat(parts);
  }

  async #dropChunks({ name, generation, bytes }: SnapshotInfo): Promise<void> {
    for (let i = 0; i < Math.ceil(bytes / CHUNK_BYTES); i++)
      await this.#ask(() => this.#client.unlink(this.#snapshotKey(name, `${generation}:${i}`)));
  }

  async #ask<T>(command: () => Promise<T>, withinMs = ANSWER_MS_MAX): Promise<T> {
    if (this.#closed) throw errors.closed();
    try {
      return await answered(command(), withinMs);
    } catch (error) {
      throw mapRedis(error);
    }
  }
}

/** RESP's mark of a bulk string (`$`), by which the client is told to hand out bytes. */
const BLOB_STRING = 36;

async function answered<T>(reply: Promise<T>, withinMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(errors.unreachable({ withinMs })), withinMs);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
  }
}

function mapRedis(error: unknown): unknown {
  if (error instanceof SkyeyeError) return error;
  if (!(error instanceof Error)) return error;
  if (error.message.includes('not an integer')) return errors.notANumber({}, error);
  if (error.message.startsWith('OOM') || error.message.startsWith('MISCONF')) return errors.diskFull({}, error);
  if (error.message.toLowerCase().includes('queue is full')) return errors.queueFull({}, error);
  return errors.unreachable({}, error);
}
