import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '../errors.ts';

const run = promisify(execFile);
/** A fast shutdown of a county's database takes well under a second; past this it is cut short, and the log replays. */
const FAST_STOP_MS = 8_000;
const POLL_MS = 25;

/** Command line and start of a process; null when there is none. The start tells a pid apart from its later reuse. */
async function describe(pid: number): Promise<{ command: string; started: string } | null> {
  try {
    if (process.platform === 'linux') {
      const [command, stat] = await Promise.all([readFile(`/proc/${pid}/cmdline`, 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie (state Z) is dead: only its parent has not looked yet.
      return fields[0] === 'Z' ? null : { command: command.replaceAll('\0', ' '), started: fields[19] ?? '' };
    }
    const { stdout } = await run('ps', ['-o', 'lstart=,command=', '-p', String(pid)]);
    return { command: stdout.slice(24), started: stdout.slice(0, 24) };
  } catch {
    // No such process: the answer that was asked for.
    return null;
  }
}

/** Ends a server: lets transactions finish no longer, writes a checkpoint, and is gone. SIGINT, then SIGQUIT. */
export async function stopServer(pid: number, fastMs = FAST_STOP_MS): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', fastMs],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 2_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    const until = performance.now() + waitMs;
    while (performance.now() < until) {
      if ((await describe(pid)) === null) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** The server that runs on this cluster; null when there is none, or a process of another kind has its number. */
export async function serverOn(cluster: string): Promise<{ readonly pid: number; readonly port: number } | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw errors.folderUnusable({ reason: 'postmaster.pid cannot be read' }, error);
  });
  // Lines of PostgreSQL's lock file: pid, data folder, start, port, …
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 1) return null;
  const found = await describe(pid);
  return found !== null && found.command.includes('postgres') && found.command.includes(cluster) ? { pid, port } : null;
}

/** Ends a server that a killed process of ours left behind on this cluster. One that is not ours is left alone. */
export async function stopOrphan(cluster: string): Promise<boolean> {
  const server = await serverOn(cluster);
  if (server === null) return false;
  const { pid } = server;
  await stopServer(pid);
  return true;
}

/**
 * Marks a folder as ours, so that a second process on it does not stop the first one's server.
 * @throws LEDGER_FOLDER_UNUSABLE when another living process has it
 */
export async function claim(folder: string): Promise<void> {
  const file = join(folder, 'owner.json');
  const text = await readFile(file, 'utf8').catch(() => '');
  const owner = parseOwner(text);
  if (owner !== null && owner.pid !== process.pid && (await describe(owner.pid))?.started === owner.started) {
    throw errors.folderUnusable({ reason: 'another process uses it', pid: owner.pid });
  }
  const self = await describe(process.pid);
  await writeFile(`${file}.new`, JSON.stringify({ pid: process.pid, started: self?.started ?? '' }), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function parseOwner(text: string): { pid: number; started: string } | null {
  const match = /^\{"pid":(\d+),"started":"([^"]*)"\}$/.exec(text);
  return match === null ? null : { pid: Number(match[1]), started: match[2] ?? '' };
}
