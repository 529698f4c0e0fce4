import pg from 'pg';
import { SkyeyeError } from '@skyeye/foundation';
import type { Database, DatabaseOptions, Queries, TxOptions, Value } from '../database.ts';
import { errors } from '../errors.ts';

const INT8_OID = 20;
const NUMERIC_OID = 1700;
const ATTEMPTS_MAX = 4;

/** Epoch ms, fen and sequences are int8 columns; a value past 2^53 is a bug, not something to round. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw errors.statementFailed({ reason: 'an integer beyond 2^53' });
  return value;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8_OID) return safeInteger;
    if (oid === NUMERIC_OID) return Number;
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

const BY_STATE: Readonly<Record<string, keyof typeof errors>> = {
  '40001': 'conflict',
  '40P01': 'conflict',
  '53100': 'diskFull',
  '53200': 'unreachable',
  '53300': 'unreachable',
  '57014': 'timeout',
  '55P03': 'timeout',
  '25006': 'readOnly',
  '57P01': 'unreachable',
  '57P02': 'unreachable',
  '57P03': 'unreachable',
  '28P01': 'accessRefused',
  '28000': 'accessRefused',
  '3D000': 'accessRefused',
  '42501': 'accessRefused',
  '42P01': 'schemaMissing',
  '42703': 'schemaMissing',
  '22021': 'textRefused',
  '22P05': 'textRefused',
  '58030': 'diskFull',
};
const NETWORK = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOENT|EAI_AGAIN/;

/** Turns what pg throws into an error of ours. The statement's values never become facts. */
export function ledgerError(error: unknown): SkyeyeError {
  if (error instanceof SkyeyeError) return error;
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const key =
    BY_STATE[code] ??
    (code.startsWith('08') ||
    NETWORK.test(code) ||
    /terminated|Connection ended|Client has encountered a connection error|not queryable/.test(message)
      ? 'unreachable'
      : undefined);
  if (key !== undefined) return errors[key]({ state: code }, error);
  if (/timeout exceeded when trying to connect/.test(message)) return errors.busy({}, error);
  if (/Cannot use a pool after calling end/.test(message)) return errors.unreachable({ reason: 'closed' }, error);
  const { constraint } = (error ?? {}) as { constraint?: string };
  return errors.statementFailed({ state: code, constraint: constraint ?? null }, error);
}

function queriesOf(client: pg.Pool | pg.PoolClient): Queries {
  return {
    async query<R extends object>(text: string, values: readonly Value[] = []): Promise<readonly R[]> {
      try {
        return (await client.query(text, [...values])).rows as R[];
      } catch (error) {
        throw ledgerError(error);
      }
    },
  };
}

/** Opens a pool. Nothing is connected until the first statement. */
export function openDatabase({
  url,
  poolMax = 10,
  statementTimeoutMs = 10_000,
  acquireMs = 5_000,
  name = 'skyeye',
}: DatabaseOptions): Database {
  const config = {
    connectionString: url,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs * 3,
    application_name: name,
    types,
  };
  const pool = new pg.Pool({ ...config, max: poolMax, connectionTimeoutMillis: acquireMs, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is dropped by the pool; the next statement reports what it finds.
  pool.on('error', () => undefined);

  const once = async <T>(work: (tx: Queries) => Promise<T>, { readOnly = false }: TxOptions): Promise<T> => {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw ledgerError(error);
    }
    // A connection that breaks in mid-transaction rejects the statement under way; the event itself needs a listener.
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      const tx = queriesOf(client);
      await tx.query(readOnly ? 'begin isolation level repeatable read read only' : 'begin');
      const result = await work(tx);
      await tx.query('commit');
      return result;
    } catch (error) {
      try {
        await client.query('rollback');
      } catch (rollbackError) {
        // The first error is the one to report; a connection that cannot roll back is thrown away below.
        broken ??= rollbackError as Error;
      }
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  };

  return {
    ...queriesOf(pool),
    async tx<T>(work: (tx: Queries) => Promise<T>, options: TxOptions = {}): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work, options);
        } catch (error) {
          const ours = error instanceof SkyeyeError && error.code === errors.conflict().code;
          if (!ours || attempt >= ATTEMPTS_MAX) throw error;
          await new Promise((resolve) => setTimeout(resolve, 5 * attempt * (1 + Math.random())));
        }
      }
    },
    close: () => pool.end(),
  };
}
