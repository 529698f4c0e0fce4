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

const EVENT_NAME = /^[A-Z][a-zA-Z]*(ed|ught|ound|ent|ost|ade|ept|ack|ook|ell|ew|ut|opt|own|an|ose|un|oke|ew|eld)$/;

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
