import type { Context } from '../context.ts';
import type { StreamEvent } from '../event.ts';
import { number } from '../types.ts';
import type { FunctionEntry } from './entry.ts';
import { amountOf, edgesIn, edgesOut, peerOf, startOf } from './graph.ts';

/** Tainted fen that a debit carried, by payee and transaction, in total order. */
type Carried = ReadonlyMap<string, readonly { readonly t: number; readonly fen: number }[]>;

export const TAINT: readonly FunctionEntry[] = [
  {
    name: 'taint',
    parameters: ['number', 'window'],
    graph: true,
    says: "fen of victims' money that reached the account over at most n hops; every account passes it on first in first out",
    nothing: '0',
    result: () => number('fen', true),
    compile: (args) => {
      const hops = args.number(0);
      const window = args.window(1);
      return (context) => {
        let sum = 0;
        for (const fen of new TaintWalk(context, hops, startOf(window, context)).credits(context.key, 1).values()) sum += fen;
        return sum;
      };
    },
  },
];

/** One walk. What a source's debits carried is replayed once per source and hop, not once per credit. */
class TaintWalk {
  readonly #context: Context;
  readonly #hops: number;
  readonly #afterMs: number;
  readonly #credits = new Map<string, ReadonlyMap<string, number>>();
  readonly #debits = new Map<string, Carried>();

  constructor(context: Context, hops: number, afterMs: number) {
    this.#context = context;
    this.#hops = hops;
    this.#afterMs = afterMs;
  }

  /** Tainted fen of each credit of an account, by event id. */
  credits(account: string, hop: number): ReadonlyMap<string, number> {
    const memoKey = `${hop}\u0000${account}`;
    const known = this.#credits.get(memoKey);
    if (known !== undefined) return known;
    const found = new Map<string, number>();
    this.#credits.set(memoKey, found);
    for (const credit of this.#edgesIn(account)) {
      if (credit['peer_victim'] === true) found.set(credit.id, amountOf(credit));
      else found.set(credit.id, hop >= this.#hops ? 0 : this.#received(credit, account, hop));
    }
    return found;
  }

  #edgesIn(account: string): StreamEvent[] {
    return edgesIn({ context: this.#context, account, afterMs: this.#afterMs });
  }

  /** What the payer's debit behind this credit carried. */
  #received(credit: StreamEvent, account: string, hop: number): number {
    const payer = peerOf(credit);
    if (payer === undefined) return 0;
    const debits = this.#carried(payer, hop + 1).get(transactionKey(account, credit));
    return debits?.findLast((debit) => debit.t <= credit.t)?.fen ?? 0;
  }

  #carried(account: string, hop: number): Carried {
    const memoKey = `${hop}\u0000${account}`;
    const known = this.#debits.get(memoKey);
    if (known !== undefined) return known;
    const tainted = this.credits(account, hop);
    const lots = this.#edgesIn(account).map((credit) => {
      const amount = amountOf(credit);
      return { t: credit.t, leftFen: amount, share: amount === 0 ? 0 : (tainted.get(credit.id) ?? 0) / amount };
    });
    const carried = new Map<string, { t: number; fen: number }[]>();
    let oldest = 0;
    for (const debit of edgesOut({ context: this.#context, account, afterMs: this.#afterMs, latest: Infinity })) {
      let [due, fen] = [amountOf(debit), 0];
      for (let lot = lots[oldest]; due > 0 && lot !== undefined && lot.t <= debit.t; lot = lots[oldest]) {
        const taken = Math.min(due, lot.leftFen);
        fen += taken * lot.share;
        due -= taken;
        lot.leftFen -= taken;
        if (lot.leftFen === 0) oldest += 1;
      }
      const key = transactionKey(peerOf(debit) ?? '', debit);
      carried.set(key, [...(carried.get(key) ?? []), { t: debit.t, fen }]);
    }
    this.#debits.set(memoKey, carried);
    return carried;
  }
}

function transactionKey(payee: string, event: StreamEvent): string {
  return `${payee}\u0000${String(event['txid'] ?? '')}`;
}
