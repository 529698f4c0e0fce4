/** Levels: `error` someone must act, `warn` unexpected but nothing lost, `info` state changed, `debug` not per event. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** One thing that can be logged. Its name is a subject and a past verb: `TransferScored`, `FreezeRefused`. */
export interface LogEvent {
  readonly level: LogLevel;
  /** One sentence for the runbook. */
  readonly says: string;
}

/** Fields of a log line: facts, never an identifier of a person. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type LogEvents = Readonly<Record<string, LogEvent>>;

/** Regular and irregular past forms alike: scored, sent, built, won, read, took, grew, sang, broke, chose, wrote, gave, fell. */
const EVENT_NAME = /^[A-Z][a-zA-Z]*(ed|[a-z]t|[a-z]n|[a-z]d|ook|ew|ang|oke|ose|ote|ave|ell)$/;

/**
 * The log events of one package, checked for their names at load.
 * @throws Error when a name is not `Subject` + past verb
 */
export function eventTable<const T extends LogEvents>(events: T): T {
  for (const name of Object.keys(events)) {
    if (!EVENT_NAME.test(name)) throw new Error(`log event "${name}" is not a subject and a past verb`);
  }
  return events;
}

/** A log made from a table: one function per event. */
export type Log<T extends LogEvents> = { readonly [K in keyof T]: (fields?: LogFields, error?: unknown) => void };
