import { runner } from 'node-pg-migrate';
import { fileURLToPath } from 'node:url';
import { errors } from '../errors.ts';
import { ledgerError } from './postgres.ts';

/** Migrations of the ledger: `NNNN_name.sql` with an up and a down part, run in the order of their numbers. */
export const LEDGER_MIGRATIONS: string = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface MigrateOptions {
  readonly url: string;
  /** Folder of the migrations; the ledger's by default. */
  readonly folder?: string;
  readonly direction?: 'up' | 'down';
  /** How many; all by default when going up, and when going down everything. */
  readonly count?: number;
}

/**
 * Brings a database to the schema of this version, in one transaction, one process at a time.
 * @returns names of the migrations that were run
 * @throws LEDGER_MIGRATION_FAILED when one does not apply, or the database is newer than this version; nothing is changed
 */
export async function migrate({
  url,
  folder = LEDGER_MIGRATIONS,
  direction = 'up',
  count = Number.POSITIVE_INFINITY,
}: MigrateOptions): Promise<readonly string[]> {
  const quiet = (): void => undefined;
  try {
    const run = await runner({
      databaseUrl: url,
      dir: folder,
      direction,
      count,
      migrationsTable: 'schema_migrations',
      checkOrder: true,
      advisoryLockMode: 'wait',
      migrationLoaderStrategies: [{ extensions: ['.sql'], loader: 'legacySql' }],
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    return run.map(({ name }) => name);
  } catch (error) {
    const known = ledgerError(error);
    if (known.handling === 'retry') throw known;
    throw errors.migrationFailed({ direction, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}
