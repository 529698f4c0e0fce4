import type { Scoring } from '@skyeye/bank-gateway';
import { errorTable } from '@skyeye/foundation';

const errors = errorTable('STANDALONE', {
  engineStarting: { handling: 'retry', message: 'the engine is still reading its state' },
});

/**
 * Hold questions to a scorer that opens later than the bank gateway. Until then each is refused at once, so that the gateway
 * gives the stated fallback, counted and shown (invariant 5), instead of keeping the bank waiting.
 */
export function onceOpen(origin: Promise<string>, open: (origin: string) => Scoring): Scoring {
  let scoring: Scoring | undefined;
  let isClosed = false;
  origin.then(
    (known) => {
      if (!isClosed) scoring = open(known);
    },
    // A scorer that cannot start ends the whole process; who waits for its readiness says so.
    () => undefined,
  );
  return {
    peek: (event, deadlineMs) => scoring?.peek(event, deadlineMs) ?? Promise.reject(errors.engineStarting()),
    async close() {
      isClosed = true;
      await scoring?.close();
    },
  };
}
