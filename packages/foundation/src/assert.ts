/**
 * States what must already be true. A failing assertion is our bug, never the caller's, and stops the process.
 * @throws AssertionError with the message
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Thrown by {@link assert}; nothing catches it on purpose. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}
