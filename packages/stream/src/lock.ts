import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errors } from './errors.ts';
import { sqliteCode } from './sqlite.ts';

const LOCK_FILE = 'skyeye.lock';
const OWNER_FILE = 'skyeye.lock.owner';
/** A sharing thread looks this often whether the thread that held the lock has ended, and then takes it over. */
const TAKE_OVER_MS = 500;

/** Locks of this thread: held here so that one whose handle was dropped is not collected, and thereby released. */
const held = new Set<DatabaseSync>();

export interface FolderLock {
  /** Whether another thread of this process holds the lock for us. */
  readonly shared: boolean;
  release(): void;
}

/**
 * Names this process so that two containers with the same process id on one volume differ: host, pid, start time.
 * The same in every thread of the process.
 */
export function processToken(): string {
  let started = '';
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    // Only Linux has /proc; elsewhere host and pid must do.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  return `${hostname()}:${process.pid}:${started}`;
}

/**
 * Takes a folder (made when missing) for this process. The lock is the operating system's, on an SQLite file held open
 * exclusively: it ends with the process, kill −9 included. Further threads, or further calls, of the same process get
 * a shared lock, and take it over when the first one goes.
 * @throws STREAM_FOLDER_IN_USE when another process has it, STREAM_FOLDER_NOT_WRITABLE
 */
export function lockFolder(folder: string): FolderLock {
  const token = processToken();
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw errors.folderNotWritable({ folder }, error);
  }
  let lock = tryLock(folder, token);
  if (lock === undefined && ownerOf(folder) !== token) {
    // The owner writes its name right after it took the lock: look twice before refusing.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    lock = tryLock(folder, token);
    if (lock === undefined && ownerOf(folder) !== token) throw errors.folderInUse({ folder });
  }
  if (lock !== undefined) return { shared: false, release: () => closeOnce(lock) };
  const timer = setInterval(() => {
    lock = tryLock(folder, token);
    if (lock !== undefined) clearInterval(timer);
  }, TAKE_OVER_MS);
  timer.unref();
  return {
    shared: true,
    release: () => {
      clearInterval(timer);
      closeOnce(lock);
    },
  };
}

function closeOnce(db: DatabaseSync | undefined): void {
  if (db === undefined) return;
  held.delete(db);
  if (db.isOpen) db.close();
}

function tryLock(folder: string, token: string): DatabaseSync | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    writeFileSync(join(folder, OWNER_FILE), token);
    held.add(db);
    return db;
  } catch (error) {
    closeOnce(db);
    if (sqliteCode(error) === 'busy') return undefined;
    throw errors.folderNotWritable({ folder }, error);
  }
}

function ownerOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, OWNER_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw errors.folderNotWritable({ folder }, error);
  }
}
