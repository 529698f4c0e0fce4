import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../errors.ts';
import type { Snapshot, SnapshotInfo } from '../port.ts';

const HEADER_BYTES_MAX = 4_096;
const WRITE_CHUNK = 8 * 1024 * 1024;
const TEMPORARY = '.part';

/** `name` in letters that every file system keeps, so that listing gives the name back. */
const encodeName = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E').replaceAll('*', '%2A');

interface SnapshotFile {
  readonly name: string;
  readonly generation: number;
  readonly path: string;
}

/**
 * Snapshots as files `<name>.<generation>`: one JSON line with length and checksum, then the bytes. Written beside,
 * synced, renamed, and the folder synced: after a power cut there is the old one or the new one. Two are kept.
 */
export class SnapshotFiles {
  readonly #folder: string;
  readonly #wallNowMs: () => number;

  constructor(folder: string, wallNowMs: () => number) {
    this.#folder = folder;
    this.#wallNowMs = wallNowMs;
  }

  async put(name: string, bytes: Uint8Array): Promise<SnapshotInfo> {
    try {
      await mkdir(this.#folder, { recursive: true });
      const existing = await this.#generations(name);
      const info: SnapshotInfo = {
        name,
        generation: (existing[0]?.generation ?? 0) + 1,
        bytes: bytes.length,
        sha256: sha256(bytes),
        writtenAtMs: this.#wallNowMs(),
      };
      const path = join(this.#folder, `${encodeName(name)}.${info.generation}`);
      await this.#write(`${path}${TEMPORARY}`, info, bytes);
      await rename(`${path}${TEMPORARY}`, path);
      await syncFolder(this.#folder);
      for (const old of existing.slice(1)) await rm(old.path, { force: true });
      return info;
    } catch (error) {
      throw mapFileError(error);
    }
  }

  async get(name: string, onDamaged: (generation: number) => void): Promise<Snapshot | undefined> {
    const files = await this.#generations(name);
    for (const [index, file] of files.entries()) {
      const read = await readSnapshot(file);
      if (read !== undefined) return { ...read, isPrevious: index > 0 };
      onDamaged(file.generation);
    }
    if (files.length > 0) throw errors.snapshotDamaged({ name });
    return undefined;
  }

  async list(): Promise<readonly SnapshotInfo[]> {
    const latest = new Map<string, SnapshotFile>();
    for (const file of await this.#files()) if (file.generation > (latest.get(file.name)?.generation ?? 0)) latest.set(file.name, file);
    const infos: SnapshotInfo[] = [];
    for (const file of latest.values()) {
      const info = await readInfo(file);
      if (info !== undefined) infos.push(info);
    }
    return infos.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async delete(name: string): Promise<void> {
    // The oldest first: a crash between leaves the latest.
    for (const file of (await this.#generations(name)).reverse()) await rm(file.path, { force: true });
  }

  async #write(path: string, info: SnapshotInfo, bytes: Uint8Array): Promise<void> {
    const file = await open(path, 'w');
    try {
      await file.write(`${JSON.stringify(info)}\n`);
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, Math.min(WRITE_CHUNK, bytes.length - at))).bytesWritten;
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    await file.close();
  }

  async #files(): Promise<SnapshotFile[]> {
    let names: string[];
    try {
      names = await readdir(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw mapFileError(error);
    }
    return names.flatMap((file) => {
      const match = /^(.+)\.(\d+)$/.exec(file);
      if (match?.[1] === undefined) return [];
      return [{ name: decodeURIComponent(match[1]), generation: Number(match[2]), path: join(this.#folder, file) }];
    });
  }

  /** Newest first. */
  async #generations(name: string): Promise<SnapshotFile[]> {
    return (await this.#files()).filter((file) => file.name === name).sort((a, b) => b.generation - a.generation);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseInfo(header: string, { name, generation }: SnapshotFile): SnapshotInfo | undefined {
  try {
    const info = JSON.parse(header) as Partial<SnapshotInfo>;
    if (typeof info.bytes !== 'number' || typeof info.sha256 !== 'string' || typeof info.writtenAtMs !== 'number') return undefined;
    return { name, generation, bytes: info.bytes, sha256: info.sha256, writtenAtMs: info.writtenAtMs };
  } catch {
    // A header that is not JSON is damage, told to the caller as undefined.
    return undefined;
  }
}

async function readInfo(file: SnapshotFile): Promise<SnapshotInfo | undefined> {
  const handle = await open(file.path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES_MAX), 0, HEADER_BYTES_MAX, 0);
    const end = buffer.indexOf(10);
    return end < 0 || end >= bytesRead ? undefined : parseInfo(buffer.toString('utf8', 0, end), file);
  } finally {
    await handle.close();
  }
}

async function readSnapshot(file: SnapshotFile): Promise<{ info: SnapshotInfo; bytes: Uint8Array } | undefined> {
  const whole = await readFile(file.path);
  const end = whole.subarray(0, HEADER_BYTES_MAX).indexOf(10);
  const info = end < 0 ? undefined : parseInfo(whole.toString('utf8', 0, end), file);
  if (info === undefined) return undefined;
  const bytes = whole.subarray(end + 1);
  return bytes.length === info.bytes && sha256(bytes) === info.sha256 ? { info, bytes } : undefined;
}

function mapFileError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return errors.diskFull({}, error);
  if (code === 'EROFS' || code === 'EACCES' || code === 'EIO' || code === 'EPERM') return errors.diskNotWritable({}, error);
  return error;
}
