import { createHash } from 'node:crypto';
import type { HoldReply, HoldRequest, PeekReply, StreamEvent } from '@skyeye/contracts';
import { decideHold, FALLBACK_HOLD, type HoldDecision } from '@skyeye/detection';
import { addServiceNumber, bodyHash, findHold, insertHold, endHold, type NewHold } from '@skyeye/ledger';
import { counterScript, HOLD_MS } from '@skyeye/orders';
import type { GatewayDeps } from './deps.ts';
import { DEADLINES, errors, logEvents, metricEntries } from './tables.ts';

/** Answers hold questions: the same id and body the same way for ever, and nobody later than the deadline. */
export class HoldDesk {
  readonly #deps: GatewayDeps;
  readonly #log;
  readonly #metrics;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#log = deps.telemetry.log(logEvents);
    this.#metrics = deps.telemetry.metrics(metricEntries);
  }

  /**
   * @throws LEDGER_ID_REUSED when the id came before with another body (invariant 6)
   */
  async ask(bank: string, request: HoldRequest): Promise<HoldReply> {
    const startedMs = performance.now();
    const hash = bodyHash(request);
    const answered = { late: false };
    const work = this.#decide({ bank, request, hash, startedMs, answered });
    // What is thrown after the deadline has been handled: the bank was told to follow its own rules.
    work.catch(() => undefined);
    const late = new Promise<'late'>((resolve) => {
      setTimeout(() => resolve('late'), DEADLINES.answerMs).unref();
    });
    try {
      const first = await Promise.race([work, late]);
      if (first !== 'late') return first;
      answered.late = true;
      return await this.#fallBack({ bank, request, hash, startedMs, error: errors.answerLate({ deadlineMs: DEADLINES.answerMs }), store: false });
    } finally {
      this.#metrics.durationMs.observe(performance.now() - startedMs);
    }
  }

  async #decide({ bank, request, hash, startedMs, answered }: { bank: string; request: HoldRequest; hash: string; startedMs: number; answered: { late: boolean } }): Promise<HoldReply> {
    const known = await findHold(this.#deps.ledger, bank, request.requestId, hash);
    if (known !== null) {
      this.#metrics.repeated.add();
      return known.reply;
    }
    const { event, acct, peer } = this.#eventOf(bank, request);
    let reply: PeekReply;
    try {
      reply = await this.#deps.scoring.peek(event, DEADLINES.scoringMs);
    } catch (error) {
      return await this.#fallBack({ bank, request, hash, startedMs, error, store: true });
    }
    const decision = decideHold({ assessment: reply.assessment, payment: reply.payment, amountFen: request.amountFen, payeeKind: request.payeeKind });
    const made = this.#reply({ bank, request, decision, reply, startedMs });
    const row = this.#row({ bank, request, hash, acct, peer, person: reply.person, made });
    const { hold, fresh } = await this.#deps.ledger.tx(async (tx) => {
      const stored = await insertHold(tx, row);
      if (answered.late) throw errors.answerLate();
      return stored;
    });
    if (answered.late && fresh && hold.state === 'active') await this.#release(hold.id);
    if (fresh) this.#metrics.decided.add(1, { outcome: hold.reply.outcome, decidedBy: 'engine' });
    return hold.reply;
  }

  /** The stated outcome when scoring is late or failed: the bank's own rules apply (invariant 5). */
  async #fallBack({ bank, request, hash, startedMs, error, store }: { bank: string; request: HoldRequest; hash: string; startedMs: number; error: unknown; store: boolean }): Promise<HoldReply> {
    this.#log.FallbackAnswered({ bank }, error);
    this.#metrics.decided.add(1, { outcome: 'allow', decidedBy: 'fallback' });
    const made: HoldReply = {
      requestId: request.requestId, holdId: holdIdOf(bank, request.requestId), outcome: FALLBACK_HOLD.outcome, reasonCode: FALLBACK_HOLD.reasonCode, reason: FALLBACK_HOLD.reason.zh, decidedBy: 'fallback',
      state: 'none', expiresMs: null, script: null, decidedInMs: rounded(performance.now() - startedMs),
    };
    const { acct, peer } = this.#eventOf(bank, request);
    const kept = this.#deps.ledger.tx(async (tx) => {
      await addServiceNumber(tx, 'bank-gateway', 'fallbacks', this.#deps.clock.nowMs());
      return await insertHold(tx, this.#row({ bank, request, hash, acct, peer, person: null, made }));
    });
    if (!store) {
      kept.catch((failure: unknown) => this.#log.FallbackNotCounted({}, failure));
      return made;
    }
    return (await kept).hold.reply;
  }

  async #release(id: string): Promise<void> {
    await this.#deps.ledger.tx((tx) => endHold(tx, { id, state: 'released', atMs: this.#deps.clock.nowMs(), by: 'bank-gateway', reason: '答复超时,银行已按自身规则处理' }));
    this.#log.LateHoldReleased();
  }

  #reply({ bank, request, decision, reply, startedMs }: { bank: string; request: HoldRequest; decision: HoldDecision; reply: PeekReply; startedMs: number }): HoldReply {
    const stands = decision.outcome === 'hold' || decision.outcome === 'fuse';
    const live = reply.assessment?.live;
    return {
      requestId: request.requestId,
      holdId: holdIdOf(bank, request.requestId),
      outcome: decision.outcome,
      reasonCode: decision.reasonCode,
      reason: decision.reason.zh,
      decidedBy: 'engine',
      state: stands ? 'active' : 'none',
      expiresMs: stands ? this.#deps.clock.nowMs() + HOLD_MS : null,
      script: decision.outcome === 'allow' ? null : counterScript(this.#deps.counterTexts(reply.assessment?.scam ?? null), { payment: reply.payment, amountFen: request.amountFen, guided: live?.call === true || live?.share === true }),
      decidedInMs: rounded(performance.now() - startedMs),
    };
  }

  #row({ bank, request, hash, acct, peer, person, made }: { bank: string; request: HoldRequest; hash: string; acct: string; peer: string; person: string | null; made: HoldReply }): NewHold {
    return {
      id: holdIdOf(bank, request.requestId), requestId: request.requestId, bank, person, acct, peer, amountFen: request.amountFen, outcome: made.outcome, state: made.state, reasonCode: made.reasonCode,
      createdMs: this.#deps.clock.nowMs(), expiresMs: made.expiresMs, bodyHash: hash, reply: made,
    };
  }

  /** The payment as an event of the payer, tokenised; the vault learns both accounts in the background. */
  #eventOf(bank: string, request: HoldRequest): { event: StreamEvent; acct: string; peer: string } {
    const { tokens, vault } = this.#deps;
    const acct = tokens.token('acct', request.payerAccount);
    const peer = tokens.token('acct', request.payeeAccount);
    const sightings = [{ token: acct, kind: 'acct' as const, clear: request.payerAccount }, { token: peer, kind: 'acct' as const, clear: request.payeeAccount }];
    vault.remember(sightings).catch((error: unknown) => this.#log.VaultNotTold({}, error));
    const event: StreamEvent = {
      stream: 'bank', id: `S09:hold:${bank}:${request.requestId}`, t: request.initiatedMs, acct, device: request.device === null ? null : tokens.token('device', request.device), ev: 'transfer', dir: 'out', peer,
      amt: request.amountFen, bal: request.balanceAfterFen, st: 'init', chan: request.channel, peer_kind: request.payeeKind, peer_bank: request.payeeBank, peer_region: request.payeeRegion,
      delay: 'rt', purpose: request.purpose, payroll: false, txid: request.txid, scene: 'transfer',
    };
    return { event, acct, peer };
  }
}

/** The same question has the same hold, whoever asks again. */
function holdIdOf(bank: string, requestId: string): string {
  return `h_${createHash('sha256').update(`${bank}/${requestId}`).digest('base64url').slice(0, 24)}`;
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
