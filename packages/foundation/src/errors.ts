/** What the one loop that catches does with an error: see STYLE "errors say how they are handled" in CONTRIBUTING.md. */
export type Handling = 'retry' | 'quarantine' | 'refuse' | 'crash';

/** Facts of an error as fields. Never an identifier of a person. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** An error with a stable code, what to do about it, and its facts. */
export class SkyeyeError extends Error {
  override readonly name = 'SkyeyeError';
  readonly code: string;
  readonly handling: Handling;
  readonly facts: Facts;
  constructor(code: string, handling: Handling, message: string, facts: Facts, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.handling = handling;
    this.facts = facts;
  }
}

interface ErrorEntry {
  readonly handling: Handling;
  /** Lower case, factual, no advice. */
  readonly message: string;
}

type ErrorTable<T> = { readonly [K in keyof T]: (facts?: Facts, cause?: unknown) => SkyeyeError };

/**
 * Makes the error constructors of one package: `errors.malformed({ topic }, cause)` has the code `<PREFIX>_MALFORMED`.
 */
export function errorTable<const T extends Readonly<Record<string, ErrorEntry>>>(prefix: string, entries: T): ErrorTable<T> {
  const table: Record<string, (facts?: Facts, cause?: unknown) => SkyeyeError> = {};
  for (const [key, entry] of Object.entries(entries)) {
    const code = `${prefix}_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    table[key] = (facts = {}, cause) => new SkyeyeError(code, entry.handling, entry.message, facts, cause);
  }
  return table as ErrorTable<T>;
}

/** The handling of anything thrown: an error that is not ours is our bug. */
export function handlingOf(error: unknown): Handling {
  return error instanceof SkyeyeError ? error.handling : 'crash';
}
