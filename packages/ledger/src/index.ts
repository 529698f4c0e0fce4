export type { Database, DatabaseOptions, Queries, TxOptions, Value } from './database.ts';
export { openDatabase } from './adapters/postgres.ts';
export { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './adapters/embedded.ts';
export { LEDGER_MIGRATIONS, migrate, type MigrateOptions } from './adapters/migrate.ts';
export { errors as ledgerErrors } from './errors.ts';
