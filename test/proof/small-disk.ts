import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../lib/county.ts';
import type { Limit } from './limits.ts';

const CHILD = fileURLToPath(new URL('small-disk-child.ts', import.meta.url));
const DISK_MB = 48;
const RUN_MS = 110_000;

/** A command in a namespace of its own that has a disk of memory in a folder: full means ENOSPC, and nothing of it is left behind. */
const onSmallDisk = (folder: string, command: readonly string[]): ReturnType<typeof run> =>
  run('unshare', [
    ...(process.getuid?.() === 0 ? ['-m'] : ['-r', '-m']),
    'sh',
    '-c',
    `mount -t tmpfs -o size=${DISK_MB}m small "$0" && exec "$@"`,
    folder,
    ...command,
  ]);

const run = (command: string, args: readonly string[]) => spawnSync(command, args, { encoding: 'utf8', timeout: RUN_MS });

/** Why this machine gives nobody a small disk; null when it does. */
export function noSmallDisk(): string | null {
  const folder = temporaryFolder('no-disk');
  try {
    const { status, error, stderr } = onSmallDisk(folder.path, ['true']);
    return status === 0 ? null : `no small disk can be mounted here: ${error?.message ?? stderr.trim().split('\n')[0] ?? ''}`;
  } finally {
    folder.remove();
  }
}

/** What store, log and checkpoint say of a disk that is full, and after there is room again. */
export function fullDisk(): Limit {
  const folder = temporaryFolder('small-disk');
  try {
    const { status, stdout, stderr, error } = onSmallDisk(folder.path, [process.execPath, CHILD, folder.path]);
    const said = stdout.trim().split('\n').at(-1) ?? '';
    if (status !== 0 || !said.startsWith('{'))
      return { says: 'a full disk', broken: [`the process on it ended with ${status}: ${error?.message ?? stderr.slice(-400)}`] };
    const facts = JSON.parse(said) as { readonly broken: readonly string[] };
    return {
      says: `a disk of ${DISK_MB} MB, full: keys, log and checkpoint refuse and try again, the checkpoint before stands; with room again all three go on`,
      broken: facts.broken,
    };
  } finally {
    folder.remove();
  }
}
