import { errors } from './errors.ts';

/** SQLite's primary result codes that are facts of the world and not our bugs. */
const CODES: Readonly<Record<number, 'busy' | 'diskNotWritable' | 'diskFull' | 'corrupt'>> = {
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  8: 'diskNotWritable', // SQLITE_READONLY
  10: 'diskNotWritable', // SQLITE_IOERR
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'diskFull', // SQLITE_FULL
  14: 'diskNotWritable', // SQLITE_CANTOPEN
  26: 'corrupt', // SQLITE_NOTADB
};

/** What an error of node:sqlite means, or undefined when it is not one that the world caused. */
export function sqliteCode(error: unknown): 'busy' | 'diskNotWritable' | 'diskFull' | 'corrupt' | undefined {
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
  return code === undefined ? undefined : CODES[code & 0xff];
}

/** The same error as one of ours, with its handling; an error that the world did not cause stays what it is. */
export function mapSqliteError(error: unknown, facts: Readonly<Record<string, string>> = {}): unknown {
  const code = sqliteCode(error);
  return code === undefined ? error : errors[code](facts, error);
}
