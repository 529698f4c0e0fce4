/** Bytes of one key's value; larger things are snapshots. */
export const VALUE_BYTES_MAX = 1024 * 1024;
/** Characters of a key, a channel or a snapshot's name. */
export const NAME_CHARACTERS_MAX = 512;
/** Keys that may be claimed in one call. */
export const CLAIM_ENTRIES_MAX = 10_000;
/** Bytes of one fan-out message. */
export const PUBLISH_BYTES_MAX = 256 * 1024;
/** Bytes of one snapshot. */
export const SNAPSHOT_BYTES_MAX = 1024 ** 3;
/** Commands that may wait while the store is away; past it they are refused with STORE_QUEUE_FULL. */
export const WAITING_COMMANDS_MAX = 10_000;

export interface SetOptions {
  /** Wall-clock milliseconds after which the key is gone. Without it, it stays. */
  readonly ttlMs?: number;
  /** Writes only when there is no live key: the one who gets `true` was the first. */
  readonly onlyIfAbsent?: boolean;
}

export interface IncrementOptions {
  /** Default 1. */
  readonly by?: number;
  /** Counts from when the counter came to be, and is not renewed: a fixed window. */
  readonly ttlMs?: number;
}

export interface SnapshotInfo {
  readonly name: string;
  /** Rises with every write of this name. */
  readonly generation: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Wall time, epoch ms. */
  readonly writtenAtMs: number;
}

export interface Snapshot {
  readonly info: SnapshotInfo;
  readonly bytes: Uint8Array;
  /** Whether the latest was damaged and this is the one before it. */
  readonly isPrevious: boolean;
}

/**
 * Keys with a time to live, fan-out, and snapshots. Every call may reject with handling `retry` when the store is away
 * (then it may or may not have happened) and with `refuse` when a limit is broken. Both adapters pass `store.conformance.ts`.
 */
export interface Store {
  readonly kind: 'memory' | 'redis';
  get(key: string): Promise<string | undefined>;
  /** Durable when it resolves. @returns whether it was written (always, unless `onlyIfAbsent`) */
  set(key: string, value: string, options?: SetOptions): Promise<boolean>;
  /**
   * Many keys that are written only where none is live, in order: the first of equal keys wins. At most
   * CLAIM_ENTRIES_MAX. Durable when it resolves. @returns for each the value that stands. Cost: one transaction or
   * round trip, 10 µs an entry.
   */
  claim(
    entries: readonly { readonly key: string; readonly value: string }[],
    options: { readonly ttlMs: number },
  ): Promise<readonly string[]>;
  /** @returns whether there was a live key */
  delete(key: string): Promise<boolean>;
  /** Atomic. @returns the count after it. @throws STORE_NOT_A_NUMBER when the key holds something else */
  increment(key: string, options?: IncrementOptions): Promise<number>;
  /** Live keys that begin with the prefix, at most `limit` (default 1,000). Cost: grows with all keys on Redis. */
  keys(prefix: string, limit?: number): Promise<readonly string[]>;

  /** To all who are subscribed now, this process included. At most once: who was away reads on from the log or ledger. */
  publish(channel: string, message: string): Promise<void>;
  /** Messages of one publisher come in order. @returns ends the subscription */
  subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>>;

  /** Replaces the snapshot as a whole: a reader sees the old one or the new one. The one before is kept. */
  putSnapshot(name: string, bytes: Uint8Array): Promise<SnapshotInfo>;
  /** The latest whose checksum holds; nothing when there is none. @throws STORE_SNAPSHOT_DAMAGED when none of two holds */
  getSnapshot(name: string): Promise<Snapshot | undefined>;
  listSnapshots(): Promise<readonly SnapshotInfo[]>;
  deleteSnapshot(name: string): Promise<void>;

  close(): Promise<void>;
}
