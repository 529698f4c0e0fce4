import { BANK_KEY_HEADER } from '@skyeye/contracts';
import { problems, type BankKeys } from '@skyeye/identity';
import type { FastifyRequest } from 'fastify';

/** How long a verified key is believed without asking again, wall ms: a withdrawn key lives on at most this long. */
const BELIEVED_MS = 30_000;
const REMEMBERED_MAX = 1_000;

/** Says which bank calls, by its key. */
export class Callers {
  readonly #keys: BankKeys;
  readonly #wallNowMs: () => number;
  readonly #known = new Map<string, { readonly bank: string; readonly untilMs: number }>();

  constructor(keys: BankKeys, wallNowMs: () => number) {
    this.#keys = keys;
    this.#wallNowMs = wallNowMs;
  }

  /** @throws HttpProblem 401 for a key that is missing or not known; nothing was changed */
  async bankOf(request: FastifyRequest): Promise<string> {
    const key = request.headers[BANK_KEY_HEADER];
    if (typeof key !== 'string') throw problems.notSignedIn();
    const known = this.#known.get(key);
    if (known !== undefined && known.untilMs > this.#wallNowMs()) return known.bank;
    const bank = await this.#keys.verify(key);
    if (bank === undefined) throw problems.notSignedIn();
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear();
    this.#known.set(key, { bank, untilMs: this.#wallNowMs() + BELIEVED_MS });
    return bank;
  }
}
