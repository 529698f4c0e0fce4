import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './kept-file.ts';

/** Written into every data folder; another number is another layout. */
export const DATA_FORMAT = 1;
/** Room that a start needs for the database and the log, bytes. */
const FREE_MIN_BYTES = 500_000_000;

/** A start that cannot go on, in words for the person who typed the command. Exit code 1; nothing was changed. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

interface FolderFile {
  readonly format: number;
  readonly seed: number;
  readonly residents: number;
}

/**
 * Makes or opens the data folder and says what county lives in it: seed and residents are those of its first start.
 * @throws StartRefused for a folder that cannot be written, a full disk, another layout
 */
export function openDataFolder(
  folder: string,
  wanted: { readonly seed: number; readonly residents: number },
  freeBytes: (folder: string) => number = freeBytesOf,
): FolderFile & { readonly first: boolean } {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    throw new StartRefused(
      `the data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'}). Nothing was changed. Give another one with --data, or make this one writable.`,
    );
  }
  const free = freeBytes(folder);
  if (free < FREE_MIN_BYTES) {
    throw new StartRefused(
      `the disk of ${folder} has ${Math.floor(free / 1e6)} MB left; ${FREE_MIN_BYTES / 1e6} MB are needed. Nothing was changed. Free some space or give another folder with --data.`,
    );
  }
  const file = join(folder, 'skyeye.json');
  if (!existsSync(file)) {
    const made: FolderFile = { format: DATA_FORMAT, ...wanted };
    replaceFile(file, `${JSON.stringify(made)}\n`);
    return { ...made, first: true };
  }
  const known = readFolderFile(file);
  if (known === null)
    throw new StartRefused(
      `${file} is not readable as this product's own file. Nothing was changed. Give another folder with --data, or restore the file from a backup.`,
    );
  if (known.format !== DATA_FORMAT) {
    throw new StartRefused(
      `the data folder ${folder} has layout ${known.format}, this version reads ${DATA_FORMAT}. Nothing was changed. Start the version that wrote it, or give another folder with --data.`,
    );
  }
  return { ...known, first: false };
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function readFolderFile(file: string): FolderFile | null {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<FolderFile>;
    return typeof value.format === 'number' && typeof value.seed === 'number' && typeof value.residents === 'number'
      ? (value as FolderFile)
      : null;
  } catch {
    // Told to the person by the caller; a half-written file is possible only by another program.
    return null;
  }
}
