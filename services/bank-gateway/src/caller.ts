import { BANK_KEY_HEADER } from '@skyeye/contracts';
import { handlingOf } from '@skyeye/foundation';
import { problems, type BankKeys } from '@skyeye/identity';
import type { FastifyRequest } from 'fastify';
import { errors } from './tables.ts';
import { within } from './within.ts';

/** How long a verified key is believed without asking again, wall ms: a withdrawn key lives on at most this long. */
const BELIEVED_MS = 30_000;
/** While the ledger is away a key that was good is believed so long, so that its bank gets the stated fallback and not an error. */
const BELIEVED_UNASKED_MS = 10 * 60_000;
/** Share of the answer's deadline for asking again about a key that was good. */
const VERIFY_MS = 40;
const REMEMBERED_MAX = 1_000;

/** Says which bank calls, by its key. */
export class Callers {
  readonly #keys: BankKeys;
  readonly #wallNowMs: () => number;
  readonly #known = new Map<string, { readonly bank: string; readonly atMs: number }>();

  constructor(keys: BankKeys, wallNowMs: () => number) {
    this.#keys = keys;
    this.#wallNowMs = wallNowMs;
  }

  /** @throws HttpProblem 401 for a key that is missing or not known; nothing was changed */
  async bankOf(request: FastifyRequest): Promise<string> {
    const key = request.headers[BANK_KEY_HEADER];
    if (typeof key !== 'string') throw problems.notSignedIn();
    const nowMs = this.#wallNowMs();
    const known = this.#known.get(key);
    if (known !== undefined && nowMs - known.atMs < BELIEVED_MS) return known.bank;
    let bank: string | undefined;
    try {
      bank =
        known === undefined
          ? await this.#keys.verify(key)
          : await within(this.#keys.verify(key), VERIFY_MS, () => errors.keyNotVerified({ deadlineMs: VERIFY_MS }));
    } catch (error) {
      if (known === undefined || handlingOf(error) !== 'retry' || nowMs - known.atMs >= BELIEVED_UNASKED_MS) throw error;
      return known.bank;
    }
    if (bank === undefined) {
      this.#known.delete(key);
      throw problems.notSignedIn();
    }
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear();
    this.#known.set(key, { bank, atMs: nowMs });
    return bank;
  }
}
