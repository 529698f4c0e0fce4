import { execFile } from 'node:child_process';
import { lchown, lstat, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '../errors.ts';

const run = promisify(execFile);
/** initdb wants a user that has a name; this one has it on every system. */
const NOBODY = 65_534;

/** How a server program is started: directly, as another user, or within a user namespace. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
  /** Program and arguments that come before the server's own. */
  readonly prefix: readonly string[];
}

/**
 * PostgreSQL refuses to run as root. As root: the user `postgres` (made when there is none) when it can reach the server
 * and the folder; where it cannot (a checkout below /root), a user namespace in which root has another number.
 * Anyone else: as oneself.
 */
export async function serverUser(paths: { readonly program: string; readonly folder: string }): Promise<ServerUser> {
  if (process.platform === 'win32' || userInfo().uid !== 0) return { prefix: [] };
  const ids = await postgresIds();
  if (ids !== undefined && (await reaches(ids, paths))) {
    await giveTo(paths.folder, ids);
    return { ...ids, prefix: [] };
  }
  const prefix = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
  try {
    await run(prefix[0] ?? '', [...prefix.slice(1), paths.program, '--version'], { timeout: 10_000 });
    await giveTo(paths.folder, { uid: 0, gid: 0 });
    return { prefix };
  } catch (error) {
    throw errors.folderUnusable(
      { reason: 'as root the server needs a user postgres that can reach the folder and the program, or user namespaces' },
      error,
    );
  }
}

async function postgresIds(): Promise<{ uid: number; gid: number } | undefined> {
  const look = async (): Promise<{ uid: number; gid: number }> => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await look();
  } catch {
    // No such user yet: the usual case on a bare machine.
  }
  try {
    await run('useradd', ['--system', '--no-create-home', '--user-group', 'postgres'], { timeout: 10_000 });
    return await look();
  } catch {
    // A machine on which no user can be made: the user namespace is tried instead.
    return undefined;
  }
}

async function reaches(ids: { uid: number; gid: number }, { program, folder }: { program: string; folder: string }): Promise<boolean> {
  try {
    await run(program, ['--version'], { ...ids, timeout: 10_000 });
    await run('test', ['-x', dirname(folder)], { ...ids, timeout: 10_000 });
    return true;
  } catch {
    // "permission denied" is the answer here, not a failure.
    return false;
  }
}

/** Gives a data folder to the user that will serve it; a no-op when it is theirs already. Cost: one pass over the tree at a change. */
async function giveTo(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const status = await lstat(folder);
  if (status.uid === uid && status.gid === gid) return;
  if (status.isDirectory()) for (const name of await readdir(folder)) await giveTo(join(folder, name), { uid, gid });
  await lchown(folder, uid, gid);
}
