import { NONCE_HEADER, REQUEST_TIME_HEADER, REQUEST_TIME_TOLERANCE_MS, type RequestProof } from '@skyeye/contracts';
import { handlingOf } from '@skyeye/foundation';
import type { GatewayDeps } from './deps.ts';
import { errors, logEvents, metricEntries } from './tables.ts';
import { within } from './within.ts';

/** From the first moment at which a request's time is near enough to the last. */
const REMEMBERED_MS = 2 * REQUEST_TIME_TOLERANCE_MS;
/** Share of the answer's deadline for asking the store. */
const ASK_MS = 30;

/** Refuses what somebody recorded and sends again. */
export class Nonces {
  readonly #store: GatewayDeps['store'];
  readonly #wallNowMs: () => number;
  readonly #log;
  readonly #metrics;

  constructor({ store, wallNowMs, telemetry }: Pick<GatewayDeps, 'store' | 'wallNowMs' | 'telemetry'>) {
    this.#store = store;
    this.#wallNowMs = wallNowMs;
    this.#log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
  }

  /**
   * Takes the nonce of a request of a bank whose key is verified. While the store is away nothing is refused: a bank must
   * get its answer (invariant 5), and what comes twice is still done once, for the ledger knows its request id.
   * @throws GATEWAY_REQUEST_STALE, GATEWAY_NONCE_REPEATED; nothing was changed
   */
  async take(bank: string, { [REQUEST_TIME_HEADER]: timeMs, [NONCE_HEADER]: nonce }: RequestProof): Promise<void> {
    if (Math.abs(this.#wallNowMs() - Number(timeMs)) > REQUEST_TIME_TOLERANCE_MS) {
      this.#metrics.replaysRefused.add(1, { reason: 'stale' });
      throw errors.requestStale({ toleranceMs: REQUEST_TIME_TOLERANCE_MS });
    }
    let isFirst: boolean;
    try {
      const taken = this.#store.set(`bank-nonce/${bank}/${nonce}`, timeMs, { ttlMs: REMEMBERED_MS, onlyIfAbsent: true });
      isFirst = await within(taken, ASK_MS, () => errors.nonceNotChecked({ deadlineMs: ASK_MS }));
    } catch (error) {
      if (handlingOf(error) !== 'retry') throw error;
      this.#log.NonceNotChecked({ bank }, error);
      return;
    }
    if (isFirst) return;
    this.#metrics.replaysRefused.add(1, { reason: 'repeated' });
    throw errors.nonceRepeated();
  }
}
