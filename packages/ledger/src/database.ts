/** What can be bound to a parameter; what goes into a jsonb column is bound as JSON text. */
export type Value = string | number | boolean | null | Uint8Array | readonly (string | null)[] | readonly (number | null)[];

/** Runs statements. bigint columns come as safe integers, jsonb as values. */
export interface Queries {
  /** @throws LEDGER_* by SQLSTATE, see errors.ts. Cost: one round trip. */
  query<R extends object = Readonly<Record<string, unknown>>>(text: string, values?: readonly Value[]): Promise<readonly R[]>;
}

export interface TxOptions {
  /** Runs in a read-only snapshot: several reads see one state. */
  readonly readOnly?: boolean;
}

export interface DatabaseOptions {
  /** postgres://role:password@host:port/database */
  readonly url: string;
  /** Connections at most; beyond it callers wait up to `acquireMs`. Default 10. */
  readonly poolMax?: number;
  /** Limit of one statement, wall ms. Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** Limit of the wait for a connection, wall ms. Default 5,000. */
  readonly acquireMs?: number;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
}

/** A PostgreSQL database behind a pool. The ledger and the vault each have one. */
export interface Database extends Queries {
  /**
   * All or nothing. Runs `work` again (three times at most) when the database chose it as victim of a deadlock, so `work`
   * must have no effect outside the transaction. After LEDGER_UNREACHABLE it may or may not have been committed.
   */
  tx<T>(work: (tx: Queries) => Promise<T>, options?: TxOptions): Promise<T>;
  close(): Promise<void>;
}
