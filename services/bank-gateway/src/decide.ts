import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdReply, type HoldReply, type HoldRequest, type PeekReply, type StreamEvent } from '@skyeye/contracts';
import { decideHold, FALLBACK_HOLD, limitedCodes, type Disturbed, type HoldDecision } from '@skyeye/detection';
import { handlingOf } from '@skyeye/foundation';
import {
  addServiceNumber,
  bodyHash,
  disturbancesSince,
  endHold,
  findHold,
  insertHold,
  ledgerErrors,
  replaceReply,
  type HoldRow,
  type NewHold,
} from '@skyeye/ledger';
import { counterScript, HOLD_MS } from '@skyeye/orders';
import type { GatewayDeps } from './deps.ts';
import { DEADLINES, errors, logEvents, metricEntries, type Deadlines } from './tables.ts';

/** What the limits of the hold policy look back on. */
const DAY_MS = 86_400_000;
const LIMITED_CODES = limitedCodes();

/** One question with what is made of it once: its hash, its tokens, its payment as an event. */
interface Question {
  readonly bank: string;
  readonly request: HoldRequest;
  readonly hash: string;
  readonly holdId: string;
  readonly acct: string;
  readonly peer: string;
  readonly startedMs: number;
  /** What the bank was told at the deadline, without the decision: what is decided later must not stand. */
  told: HoldReply | null;
  /** Set when the decision is on its way into the ledger. */
  committing: boolean;
}

/** Whose payment it is and what may be lost, as it was judged. */
interface Judged {
  readonly person: string | null;
  readonly expectedLossFen: number | null;
}
const UNKNOWN: Judged = { person: null, expectedLossFen: null };

/** Answers hold questions: the same id and body the same way for ever, and nobody later than the deadline. */
export class HoldDesk {
  readonly #deps: GatewayDeps;
  readonly #log;
  readonly #metrics;
  readonly #deadlines: Deadlines;
  /**
   * Questions whose answer is not in the ledger yet: the same one meanwhile shares the answer, instead of being decided a
   * second time. Bounded by the deadline and the ledger's own time limits.
   */
  readonly #underWay = new Map<string, { readonly hash: string; readonly answer: Promise<HoldReply> }>();

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#log = deps.telemetry.log(logEvents);
    this.#metrics = deps.telemetry.metrics(metricEntries);
    this.#deadlines = deps.deadlines ?? DEADLINES;
  }

  /**
   * `startedMs` is when the question came, by performance.now(): the deadline counts from there.
   * @throws LEDGER_ID_REUSED when the id came before with another body (invariant 6); everything else that goes wrong is
   * the stated fallback (invariant 5)
   */
  async ask(bank: string, request: HoldRequest, startedMs: number): Promise<HoldReply> {
    const hash = bodyHash(request);
    const holdId = holdIdOf(bank, request.requestId);
    const twin = this.#underWay.get(holdId);
    if (twin !== undefined) {
      if (twin.hash !== hash) throw ledgerErrors.idReused({ what: 'hold request' });
      this.#metrics.repeated.add();
      return twin.answer;
    }
    const settled: Promise<unknown>[] = [];
    const answer = this.#answer({ bank, request, hash, holdId, startedMs }, settled);
    this.#underWay.set(holdId, { hash, answer });
    try {
      return await answer;
    } finally {
      void Promise.allSettled(settled).then(() => this.#underWay.delete(holdId));
    }
  }

  /** `settled` gets what goes on after the answer. */
  async #answer(
    asked: Pick<Question, 'bank' | 'request' | 'hash' | 'holdId' | 'startedMs'>,
    settled: Promise<unknown>[],
  ): Promise<HoldReply> {
    const { request, startedMs } = asked;
    const { tokens } = this.#deps;
    const question: Question = {
      ...asked,
      told: null,
      committing: false,
      acct: tokens.token('acct', request.payerAccount),
      peer: tokens.token('acct', request.payeeAccount),
    };
    const decided = this.#decide(question);
    // What is thrown after the deadline has been handled: the bank was told to follow its own rules.
    settled.push(decided.catch(() => undefined));
    const deadline = new AbortController();
    const late = sleep(Math.max(1, this.#deadlines.answerMs - (performance.now() - startedMs)), 'late' as const, {
      signal: deadline.signal,
    });
    late.catch(() => undefined);
    try {
      let first = await Promise.race([decided, late]);
      if (first === 'late' && question.committing)
        first = await Promise.race([decided, sleep(this.#deadlines.commitGraceMs, 'late' as const)]);
      if (first !== 'late') return first;
      return this.#fallBackUnstored(question, settled, errors.answerLate({ deadlineMs: this.#deadlines.answerMs }));
    } catch (error) {
      if (handlingOf(error) === 'refuse') throw error;
      return this.#fallBackUnstored(question, settled, error);
    } finally {
      deadline.abort();
      this.#metrics.durationMs.observe(performance.now() - startedMs);
    }
  }

  async #decide(question: Question): Promise<HoldReply> {
    const { bank, request, hash } = question;
    const known = await findHold(this.#deps.ledger, bank, request.requestId, hash);
    if (known !== null) {
      this.#metrics.repeated.add();
      return inOrder(known.reply);
    }
    this.#tellVault(question);
    let reply: PeekReply;
    let disturbed: Disturbed;
    try {
      [reply, disturbed] = await Promise.all([
        this.#deps.scoring.peek(eventOf(question, this.#deps.tokens), this.#deadlines.scoringMs),
        disturbancesSince(this.#deps.ledger, {
          acct: question.acct,
          codes: LIMITED_CODES,
          sinceMs: this.#deps.clock.nowMs() - DAY_MS,
        }),
      ]);
    } catch (error) {
      this.#log.FallbackAnswered({ bank }, error);
      return this.#store(question, this.#fallback(question), UNKNOWN);
    }
    const decision = decideHold({
      assessment: reply.assessment,
      payment: reply.payment,
      amountFen: request.amountFen,
      payeeKind: request.payeeKind,
      disturbed,
    });
    return this.#store(question, this.#reply(question, decision, reply), {
      person: reply.person,
      expectedLossFen: decision.expectedLossFen,
    });
  }

  /** Stores a decision unless the bank has been answered without it, and gives the one that stands. */
  async #store(question: Question, made: HoldReply, of: Judged): Promise<HoldReply> {
    const { hold, fresh } = await this.#deps.ledger.tx(async (tx) => {
      const stored = await insertHold(tx, this.#row(question, made, of));
      if (made.decidedBy === 'fallback' && stored.fresh) await addServiceNumber(tx, 'bank-gateway', 'fallbacks', this.#deps.clock.nowMs());
      if (question.told !== null) throw errors.answerLate();
      question.committing = true;
      return stored;
    });
    if (fresh && question.told !== null) {
      await this.#withdraw(hold, question.told);
      return question.told;
    }
    if (fresh) this.#metrics.decided.add(1, { outcome: hold.reply.outcome, decidedBy: hold.reply.decidedBy });
    return inOrder(hold.reply);
  }

  /** The answer at the deadline, or without a ledger: given at once, stored for the console when that is possible. */
  #fallBackUnstored(question: Question, settled: Promise<unknown>[], error: unknown): HoldReply {
    const { bank } = question;
    this.#log.FallbackAnswered({ bank }, error);
    this.#metrics.decided.add(1, { outcome: FALLBACK_HOLD.outcome, decidedBy: 'fallback' });
    const made = this.#fallback(question);
    question.told = made;
    const stored = this.#deps.ledger.tx(async (tx) => {
      await insertHold(tx, this.#row(question, made, UNKNOWN));
      await addServiceNumber(tx, 'bank-gateway', 'fallbacks', this.#deps.clock.nowMs());
    });
    settled.push(stored.catch((failure: unknown) => this.#log.FallbackNotCounted({}, failure)));
    return made;
  }

  /** A decision that was committed after the bank had been answered: it ends, and a retry hears what the bank was told. */
  async #withdraw({ id, state }: HoldRow, told: HoldReply): Promise<void> {
    await this.#deps.ledger.tx(async (tx) => {
      if (state === 'active')
        await endHold(tx, {
          id,
          state: 'released',
          atMs: this.#deps.clock.nowMs(),
          by: 'bank-gateway',
          reason: '答复超时,银行已按自身规则处理',
        });
      await replaceReply(tx, id, told);
    });
    this.#log.LateHoldReleased();
  }

  /** The stated outcome when scoring is late or failed: the bank's own rules apply (invariant 5). */
  #fallback({ request, holdId, startedMs }: Question): HoldReply {
    return {
      requestId: request.requestId,
      holdId,
      outcome: FALLBACK_HOLD.outcome,
      reasonCode: FALLBACK_HOLD.reasonCode,
      reason: FALLBACK_HOLD.reason.zh,
      decidedBy: 'fallback',
      state: 'none',
      expiresMs: null,
      script: null,
      decidedInMs: rounded(performance.now() - startedMs),
    };
  }

  #reply({ request, holdId, startedMs }: Question, decision: HoldDecision, reply: PeekReply): HoldReply {
    const stands = decision.outcome === 'hold' || decision.outcome === 'fuse';
    const live = reply.assessment?.live;
    return {
      requestId: request.requestId,
      holdId,
      outcome: decision.outcome,
      reasonCode: decision.reasonCode,
      reason: decision.reason.zh,
      decidedBy: 'engine',
      state: stands ? 'active' : 'none',
      ...(stands ? { insists: decision.insists } : {}),
      expiresMs: stands ? this.#deps.clock.nowMs() + HOLD_MS : null,
      script:
        decision.outcome === 'allow'
          ? null
          : counterScript(this.#deps.counterTexts(reply.assessment?.scam ?? null), {
              payment: reply.payment,
              amountFen: request.amountFen,
              guided: live?.call === true || live?.share === true,
            }),
      decidedInMs: rounded(performance.now() - startedMs),
    };
  }

  #row({ bank, request, hash, acct, peer }: Question, made: HoldReply, { person, expectedLossFen }: Judged): NewHold {
    return {
      id: made.holdId ?? holdIdOf(bank, request.requestId),
      requestId: request.requestId,
      bank,
      person,
      acct,
      peer,
      amountFen: request.amountFen,
      outcome: made.outcome,
      state: made.state,
      reasonCode: made.reasonCode,
      expectedLossFen,
      createdMs: this.#deps.clock.nowMs(),
      expiresMs: made.expiresMs,
      bodyHash: hash,
      reply: made,
    };
  }

  /** In the background: the vault learns both accounts from the payment itself too. */
  #tellVault({ acct, peer, request }: Question): void {
    const sightings = [
      { token: acct, kind: 'acct' as const, clear: request.payerAccount },
      { token: peer, kind: 'acct' as const, clear: request.payeeAccount },
    ];
    this.#deps.vault.remember(sightings).catch((error: unknown) => this.#log.VaultNotTold({}, error));
  }
}

/** The payment as an event of the payer, tokenised. */
function eventOf({ bank, request, acct, peer }: Question, tokens: GatewayDeps['tokens']): StreamEvent {
  return {
    stream: 'bank',
    id: `S09:hold:${bank}:${request.requestId}`,
    t: request.initiatedMs,
    acct,
    device: request.device === null ? null : tokens.token('device', request.device),
    ev: 'transfer',
    dir: 'out',
    peer,
    amt: request.amountFen,
    bal: request.balanceAfterFen,
    st: 'init',
    chan: request.channel,
    peer_kind: request.payeeKind,
    peer_bank: request.payeeBank,
    peer_region: request.payeeRegion,
    delay: 'rt',
    purpose: request.purpose,
    payroll: false,
    txid: request.txid,
    scene: 'transfer',
  };
}

/** The same question has the same hold, whoever asks again. */
function holdIdOf(bank: string, requestId: string): string {
  return `h_${createHash('sha256').update(`${bank}/${requestId}`).digest('base64url').slice(0, 24)}`;
}

/** The same answer has the same bytes, from memory or from the database, which orders keys in its own way. */
const inOrder = (reply: HoldReply): HoldReply => holdReply.parse(reply);

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
