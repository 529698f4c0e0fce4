import { randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import type { Telemetry } from '@skyeye/telemetry';
import { checkClaim, checkName, checkSize, errors } from '../errors.ts';
import type { IncrementOptions, SetOptions, Snapshot, SnapshotInfo, Store } from '../port.ts';
import { logEvents, metricEntries } from '../tables.ts';
import { FanOut } from './fan-out.ts';
import { Keys } from './keys.ts';
import { SnapshotFiles } from './snapshot-files.ts';

/** Expired keys are removed this often; they are invisible before. */
const SWEEP_EVERY_MS = 60_000;

export interface MemoryStoreOptions {
  /**
   * Where keys and snapshots survive a kill. Threads of one process that name the same folder share keys, snapshots
   * and fan-out. Without it everything is gone at close, and nothing is shared.
   */
  readonly folder?: string;
  readonly telemetry: Telemetry;
  readonly wallNowMs?: () => number;
}

/**
 * The store of the standalone profile.
 * @throws STORE_FOLDER_NOT_WRITABLE, STORE_OTHER_VERSION, STORE_DISK_FULL, STORE_CORRUPT
 */
export function createMemoryStore(options: MemoryStoreOptions): Store {
  return new MemoryStore(options);
}

interface FanOutMessage {
  readonly channel: string;
  readonly message: string;
}

class MemoryStore implements Store {
  readonly kind = 'memory';
  readonly #keys: Keys;
  readonly #snapshots: SnapshotFiles;
  /** Snapshots of a store without a folder are files too, and removed at close: one code path. */
  readonly #temporary: string | undefined;
  readonly #fanOut: FanOut;
  readonly #channel: BroadcastChannel;
  readonly #log;
  readonly #metrics;
  readonly #sweepTimer: NodeJS.Timeout;
  #closed = false;

  constructor({ folder, telemetry, wallNowMs = Date.now }: MemoryStoreOptions) {
    this.#log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
    this.#fanOut = new FanOut(telemetry);
    this.#keys = new Keys(folder, wallNowMs);
    this.#temporary = folder === undefined ? mkdtempSync(join(tmpdir(), 'skyeye-store-')) : undefined;
    this.#snapshots = new SnapshotFiles(join(folder ?? this.#temporary ?? '', 'snapshots'), wallNowMs);
    this.#channel = new BroadcastChannel(`skyeye-store:${folder === undefined ? randomUUID() : realpathSync(folder)}`);
    this.#channel.onmessage = (event) => {
      const { channel, message } = (event as { data: FanOutMessage }).data;
      this.#fanOut.deliver(channel, message);
    };
    this.#channel.unref();
    this.#sweepTimer = setInterval(() => {
      this.#keys.sweep().catch((error: unknown) => this.#log.ExpiredKeysNotRemoved({}, error));
    }, SWEEP_EVERY_MS);
    this.#sweepTimer.unref();
  }

  async get(key: string): Promise<string | undefined> {
    checkName(key);
    return this.#keys.get(key);
  }

  async set(key: string, value: string, options: SetOptions = {}): Promise<boolean> {
    checkName(key);
    checkSize('value', value);
    return this.#keys.set(key, value, options);
  }

  async claim(
    entries: readonly { readonly key: string; readonly value: string }[],
    { ttlMs }: { readonly ttlMs: number },
  ): Promise<readonly string[]> {
    checkClaim(entries);
    return entries.length === 0 ? [] : this.#keys.claim(entries, ttlMs);
  }

  async delete(key: string): Promise<boolean> {
    checkName(key);
    return this.#keys.delete(key);
  }

  async increment(key: string, options: IncrementOptions = {}): Promise<number> {
    checkName(key);
    return this.#keys.increment(key, options);
  }

  async keys(prefix: string, limit = 1_000): Promise<readonly string[]> {
    return this.#keys.keys(prefix, limit);
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#open();
    checkName(channel);
    checkSize('message', message);
    const sent: FanOutMessage = { channel, message };
    this.#channel.postMessage(sent);
    this.#fanOut.deliver(channel, message);
    this.#metrics.published.add();
  }

  async subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>> {
    this.#open();
    checkName(channel);
    // A function of its own, so that the same handler may be subscribed twice.
    const own = (message: string): void => handler(message);
    this.#fanOut.add(channel, own);
    return async () => void this.#fanOut.remove(channel, own);
  }

  async putSnapshot(name: string, bytes: Uint8Array): Promise<SnapshotInfo> {
    this.#open();
    checkName(name);
    checkSize('snapshot', bytes);
    const startedMs = performance.now();
    const info = await this.#snapshots.put(name, bytes);
    this.#metrics.snapshotTook.observe(performance.now() - startedMs);
    this.#metrics.snapshotBytes.set(bytes.length);
    return info;
  }

  async getSnapshot(name: string): Promise<Snapshot | undefined> {
    this.#open();
    checkName(name);
    return this.#snapshots.get(name, (generation) => this.#log.SnapshotDamaged({ name, generation }));
  }

  listSnapshots(): Promise<readonly SnapshotInfo[]> {
    return this.#snapshots.list();
  }

  async deleteSnapshot(name: string): Promise<void> {
    checkName(name);
    await this.#snapshots.delete(name);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#sweepTimer);
    this.#channel.close();
    this.#keys.close();
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  #open(): void {
    if (this.#closed) throw errors.closed();
  }
}
