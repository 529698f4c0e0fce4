import { handlingOf } from '@skyeye/foundation';
import { hashText, Random } from '../random.ts';
import type { Payment } from '../payment.ts';
import type { GateAnswer } from '../scripts/instance.ts';
import type { HoldClient } from './ports.ts';
import type { Decision } from './store.ts';

/** Questions under way at a time, all banks together; past it a payment waits for its turn. */
const ASKING_MAX = 64;
/** The same question is sent again, under the same id, when the line broke. */
const TRIES = 3;
const MIN_MS = 60_000;
/** When a hold's expiry is not told. */
const HOLD_MS = 30 * MIN_MS;

export type DeskOutcome = 'allow' | 'delay' | 'hold' | 'fuse' | 'unreachable' | 'refused';

export interface DeskOptions {
  readonly seed: number;
  readonly client: HoldClient;
  readonly nowMs: () => number;
  /** Outcome of a question, for the metric. */
  readonly onOutcome: (outcome: DeskOutcome) => void;
  /** The teller comes to the customer of a held payment: does he give up? Called once per hold. */
  readonly persuades: (payment: Payment, atMs: number, random: Random) => 'given_up' | 'stopped_before' | 'insists' | 'honest';
  readonly decided: readonly Decision[];
}

interface Held {
  readonly payment: Payment;
  readonly bank: string;
  readonly hold: string;
  readonly tellerMs: number;
  readonly expiresMs: number;
  /** Who insists is paid out with a day's delay. */
  readonly delays: boolean;
  ending: boolean;
}

/**
 * The simulated banks: each asks before a payment goes out, keeps what it is told to hold, and ends the hold after its counter
 * script, as a teller would. What it decided goes to the journal; after a restart it takes up where it was.
 */
export class BankDesk {
  readonly #options: DeskOptions;
  readonly #final = new Map<string, GateAnswer>();
  readonly #asking = new Set<string>();
  readonly #held = new Map<string, Held>();
  /** Holds from before a restart whose payment has not come by yet. */
  readonly #heldBefore = new Map<string, Extract<Decision, { d: 'held' }>>();
  #news: Decision[] = [];
  readonly #under = new Set<Promise<void>>();

  constructor(options: DeskOptions) {
    this.#options = options;
    for (const entry of options.decided) {
      if (entry.d === 'held') this.#heldBefore.set(entry.tx, entry);
      if (entry.d !== 'go' && entry.d !== 'skip') continue;
      this.#final.set(entry.tx, { kind: entry.d, atMs: entry.at });
      this.#heldBefore.delete(entry.tx);
    }
  }

  /** Decisions since the last call; they have to be durable before their records leave. */
  takeNews(): Decision[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** What has been decided about a payment, if anything: for payments of the past, which are not asked about again. */
  known(txid: string): GateAnswer | undefined {
    return this.#final.get(txid) ?? (this.#heldBefore.has(txid) ? { kind: 'wait' } : undefined);
  }

  /** Whether the payment may go. Asks the gateway the first time, and says wait until it is decided. */
  gate(payment: Payment): GateAnswer {
    const { txid } = payment.fund;
    const known = this.#final.get(txid);
    if (known !== undefined) return known;
    const before = this.#heldBefore.get(txid);
    if (before !== undefined) {
      this.#heldBefore.delete(txid);
      this.#held.set(txid, {
        payment,
        bank: before.bank,
        hold: before.hold,
        tellerMs: before.teller,
        expiresMs: before.expires,
        delays: before.delays === true,
        ending: false,
      });
    }
    if (!this.#held.has(txid) && !this.#asking.has(txid) && this.#asking.size < ASKING_MAX) {
      this.#asking.add(txid);
      const asked = this.#ask(payment).finally(() => this.#asking.delete(txid));
      this.#under.add(asked);
      void asked.finally(() => this.#under.delete(asked));
    }
    return { kind: 'wait' };
  }

  #finish(txid: string, kind: 'go' | 'skip'): void {
    const atMs = this.#options.nowMs();
    this.#final.set(txid, { kind, atMs });
    this.#news.push({ d: kind, tx: txid, at: atMs });
    this.#held.delete(txid);
  }

  async #ask(payment: Payment): Promise<void> {
    const { fund, payer, payee } = payment;
    const requestId = `q_${fund.txid.replaceAll(/[^A-Za-z0-9_-]/g, '-')}_${hashText(fund.txid).toString(36)}`.slice(0, 64);
    const reply = await this.#send(() =>
      this.#options.client.ask(payer.bank, {
        requestId,
        txid: fund.txid,
        payerAccount: payer.no,
        payeeAccount: payee.no,
        payeeKind: holdKind(payee.kind),
        payeeBank: payee.bank,
        payeeRegion: payee.region,
        amountFen: fund.amtFen,
        balanceAfterFen: payer.balFen,
        channel: channel(fund.chan),
        purpose: purpose(fund.purpose),
        device: payer.device ?? null,
        initiatedMs: fund.tMs,
      }),
    );
    if (typeof reply === 'string') {
      // The bank's own rules apply when nobody answers, and they let it go.
      this.#options.onOutcome(reply);
      this.#finish(fund.txid, 'go');
      return;
    }
    this.#options.onOutcome(reply.outcome);
    if (reply.outcome === 'allow') this.#finish(fund.txid, 'go');
    else if (reply.outcome === 'delay' || reply.holdId === null) this.#finish(fund.txid, 'skip');
    else this.#hold(payment, { hold: reply.holdId, expires: reply.expiresMs, delays: reply.insists === 'delay' });
  }

  #hold(payment: Payment, { hold, expires, delays }: { hold: string; expires: number | null; delays: boolean }): void {
    const atMs = this.#options.nowMs();
    const random = new Random(this.#options.seed, 0x7e11, hashText(payment.fund.txid));
    const tellerMs = atMs + Math.round(random.between(5, 11) * MIN_MS);
    const expiresMs = expires ?? atMs + HOLD_MS;
    this.#held.set(payment.fund.txid, { payment, bank: payment.payer.bank, hold, tellerMs, expiresMs, delays, ending: false });
    this.#news.push({
      d: 'held',
      tx: payment.fund.txid,
      at: atMs,
      bank: payment.payer.bank,
      hold,
      teller: tellerMs,
      expires: expiresMs,
      delays,
    });
  }

  /** Tellers do what is due. */
  tick(): void {
    const nowMs = this.#options.nowMs();
    for (const held of this.#held.values()) {
      if (held.ending || nowMs < Math.min(held.tellerMs, held.expiresMs)) continue;
      held.ending = true;
      const ended = this.#end(held, nowMs);
      this.#under.add(ended);
      void ended.finally(() => this.#under.delete(ended));
    }
  }

  async #end(held: Held, nowMs: number): Promise<void> {
    const { txid } = held.payment.fund;
    if (nowMs >= held.expiresMs) {
      this.#finish(txid, 'go');
      return;
    }
    const random = new Random(this.#options.seed, 0x7e12, hashText(txid));
    const verdict = this.#options.persuades(held.payment, nowMs, random);
    const words = COUNTER[verdict];
    const requestId = `e_${txid.replaceAll(/[^A-Za-z0-9_-]/g, '-')}_${hashText(held.hold).toString(36)}`.slice(0, 64);
    // A hold that has ended by itself in the meantime is refused here: the payment's fate is the same.
    const sent = await this.#send(() =>
      this.#options.client.end(held.bank, held.hold, words.how, {
        requestId,
        reason: words.reason,
        operator: `teller-${held.bank}`,
        answers: { ...words.answers },
      }),
    );
    const confirmed = words.how === 'confirmations' && typeof sent !== 'string';
    this.#finish(
      txid,
      confirmed || verdict === 'given_up' || verdict === 'stopped_before' || (verdict === 'insists' && held.delays) ? 'skip' : 'go',
    );
  }

  async #send<T>(request: () => Promise<T>): Promise<T | 'unreachable' | 'refused'> {
    for (let tries = 1; ; tries++) {
      try {
        return await request();
      } catch (error) {
        const handling = handlingOf(error);
        if (handling === 'refuse') return 'refused';
        if (handling !== 'retry') throw error;
        if (tries >= TRIES) return 'unreachable';
      }
    }
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.allSettled(this.#under);
  }

  get counts(): { readonly asking: number; readonly held: number } {
    return { asking: this.#asking.size, held: this.#held.size };
  }
}

const COUNTER = {
  given_up: {
    how: 'confirmations',
    reason: '客户经劝阻放弃转账,承认受电话指引',
    answers: { purpose: '说不清用途', guided: '有人打电话指导' },
  },
  stopped_before: { how: 'confirmations', reason: '民警已见面劝阻,客户放弃转账', answers: { purpose: '放弃办理', guided: '已由民警劝阻' } },
  insists: { how: 'releases', reason: '客户坚持为正常用途,三查两问未发现异常', answers: { purpose: '朋友周转', guided: '没有人指导' } },
  honest: { how: 'releases', reason: '核实为正常交易,凭证齐全', answers: { purpose: '有合同或票据', guided: '没有人指导' } },
} as const;

type HoldPayeeKind = 'personal' | 'corp' | 'merchant' | 'payinst' | 'otc' | 'gov' | 'unknown';
const KINDS: Readonly<Record<string, HoldPayeeKind>> = {
  personal: 'personal',
  corp: 'corp',
  merchant: 'merchant',
  payinst: 'payinst',
  otc: 'otc',
  gov: 'gov',
  payacct: 'personal',
};
const holdKind = (kind: string): HoldPayeeKind => KINDS[kind] ?? 'unknown';
const CHANNELS = ['mobile', 'web', 'counter', 'atm', 'pos', 'qr', 'batch'] as const;
const channel = (name: string): (typeof CHANNELS)[number] | 'other' => CHANNELS.find((entry) => entry === name) ?? 'other';
const PURPOSES = ['salary', 'goods', 'loan_repay', 'invest', 'deposit', 'margin', 'unfreeze', 'task', 'other'] as const;
const purpose = (name: string): (typeof PURPOSES)[number] | 'none' => PURPOSES.find((entry) => entry === name) ?? 'none';
