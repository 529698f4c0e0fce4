import type { Edges } from './graph.ts';

interface TaintOptions {
  readonly tMs: number;
  readonly current: number;
  readonly hops: number;
  readonly afterMs: number;
}

/** Tainted fen that debits carried, by payee and transaction as one number, in total order. */
type Carried = ReadonlyMap<number, readonly { readonly t: number; readonly fen: number }[]>;
const NONE: ReadonlyMap<number, number> = new Map();

/** One walk. What the debits of a source carried is replayed once per source and hop. */
export class TaintWalk {
  readonly #edges: Edges;
  readonly #options: TaintOptions;
  readonly #credits = new Map<number, ReadonlyMap<number, number>>();
  readonly #debits = new Map<number, Carried>();

  constructor(edges: Edges, options: TaintOptions) {
    this.#edges = edges;
    this.#options = options;
  }

  /** Tainted fen of each credit of an account, by row. */
  credits(account: number, hop: number): ReadonlyMap<number, number> {
    const slot = this.#edges.slotOf(account);
    if (slot < 0) return NONE;
    const memo = account * 16 + hop;
    const known = this.#credits.get(memo);
    if (known !== undefined) return known;
    const found = new Map<number, number>();
    this.#credits.set(memo, found);
    for (const credit of this.#in(slot)) {
      if (this.#edges.isVictim(credit)) found.set(credit, this.#edges.amount(credit));
      else found.set(credit, hop >= this.#options.hops ? 0 : this.#received(credit, account, hop));
    }
    return found;
  }

  #in(slot: number): number[] {
    const { tMs, current, afterMs } = this.#options;
    return this.#edges.in(slot, tMs, current, afterMs);
  }

  /** What the payer's debit behind this credit carried. */
  #received(credit: number, account: number, hop: number): number {
    const payer = this.#edges.peer(credit);
    if (payer < 0 || this.#edges.slotOf(payer) < 0) return 0;
    // Without a tainted credit no debit carries anything, and there is no need to replay them.
    if (!this.#isTainted(payer, hop + 1)) return 0;
    const debits = this.#carried(payer, hop + 1).get(transactionKey(account, this.#edges.transaction(credit)));
    const t = this.#edges.slabs.f64[credit] as number;
    return debits?.findLast((debit) => debit.t <= t)?.fen ?? 0;
  }

  #isTainted(account: number, hop: number): boolean {
    for (const fen of this.credits(account, hop).values()) if (fen !== 0) return true;
    return false;
  }

  #carried(account: number, hop: number): Carried {
    const memo = account * 16 + hop;
    const known = this.#debits.get(memo);
    if (known !== undefined) return known;
    const { f64 } = this.#edges.slabs;
    const { tMs, current, afterMs } = this.#options;
    const slot = this.#edges.slotOf(account);
    const tainted = this.credits(account, hop);
    const lots = this.#in(slot).map((credit) => {
      const amount = this.#edges.amount(credit);
      return { t: f64[credit] as number, leftFen: amount, share: amount === 0 ? 0 : (tainted.get(credit) ?? 0) / amount };
    });
    const carried = new Map<number, { t: number; fen: number }[]>();
    let oldest = 0;
    for (const debit of this.#edges.out(slot, tMs, current, afterMs, Infinity)) {
      const t = f64[debit] as number;
      let [due, fen] = [this.#edges.amount(debit), 0];
      for (let lot = lots[oldest]; due > 0 && lot !== undefined && lot.t <= t; lot = lots[oldest]) {
        const taken = Math.min(due, lot.leftFen);
        fen += taken * lot.share;
        due -= taken;
        lot.leftFen -= taken;
        if (lot.leftFen === 0) oldest += 1;
      }
      const key = transactionKey(this.#edges.peer(debit), this.#edges.transaction(debit));
      const before = carried.get(key);
      if (before === undefined) carried.set(key, [{ t, fen }]);
      else before.push({ t, fen });
    }
    this.#debits.set(memo, carried);
    return carried;
  }
}

/** One number for two codes, each below 2^26. */
const transactionKey = (payee: number, transaction: number): number => (payee + 1) * 2 ** 26 + transaction + 1;
