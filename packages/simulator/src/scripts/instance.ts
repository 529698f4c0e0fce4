import { assert } from '@skyeye/foundation';
import { mix, Random } from '../random.ts';
import { callRecord, emission, fundRecords, signal, type Emission } from '../records.ts';
import { cardNumber } from '../numbers.ts';
import { OTHER_BANKS } from '../institutions.ts';
import { executed, type Payment } from '../payment.ts';
import type { Plan, PlannedCall, PlannedPayment, PlannedStep, Role } from './plan.ts';
import type { Launder } from './script.ts';

/** What the bank says to a payment that is due: go on (now or later), leave it out, or not known yet. */
export type GateAnswer =
  { readonly kind: 'go'; readonly atMs: number } | { readonly kind: 'skip'; readonly atMs: number } | { readonly kind: 'wait' };
export type Gate = (step: PlannedStep, payment: Payment, dueMs: number) => GateAnswer;

export interface PaidOut {
  readonly txid: string;
  readonly eventId: string;
  readonly amtFen: number;
  readonly atMs: number;
  readonly payer: string;
  readonly payee: string;
}

/** Ordinary number of accounts that one mule's money is split to and of cash withdrawals: limits of the laundering. */
const WITHDRAWALS_MAX = 6;

/**
 * A script being lived through. `advance` brings it to a time and hands out what providers would record. It holds no clock
 * and draws no chance beyond its plan, so that after a restart the same decisions give the same records again.
 */
export class Instance {
  readonly plan: Plan;
  #cursor = 0;
  /** How far the rest has moved back because a payment had to wait. */
  #shiftMs = 0;
  #state: 'running' | 'stopped' | 'done' = 'running';
  #stoppedMs: number | null = null;
  readonly #balances = new Map<string, number>();
  readonly #open = new Map<string, { call: PlannedCall; startMs: number }>();
  #share: { stop: PlannedStep } | null = null;
  readonly #aside: { tMs: number; run: (tMs: number) => Emission[] }[] = [];
  /** Payments of the person to mules that were executed, and cash given away. */
  readonly lost: PaidOut[] = [];
  readonly paidIds: string[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    for (const role of plan.roles.values()) this.#balances.set(role.no, role.startFen);
  }

  get state(): 'running' | 'stopped' | 'done' {
    return this.#state;
  }
  get stoppedMs(): number | null {
    return this.#stoppedMs;
  }
  get lostFen(): number {
    return this.lost.reduce((sum, paid) => sum + paid.amtFen, 0);
  }
  /** Nothing more will come of it, laundering included. */
  get finished(): boolean {
    return this.#state !== 'running' && this.#aside.length === 0;
  }

  /** Time of the next thing to happen, or null when all has. */
  get nextMs(): number | null {
    const step = this.#state === 'running' ? this.plan.steps[this.#cursor] : undefined;
    const own = step === undefined ? Infinity : this.#dueMs(step);
    const next = Math.min(own, this.#aside[0]?.tMs ?? Infinity);
    return next === Infinity ? null : next;
  }

  #dueMs(step: PlannedStep): number {
    return this.plan.t0Ms + step.offsetMs + this.#shiftMs;
  }

  /** Lives on until `untilMs`. Stops early where the gate says wait; calling again goes on there. */
  advance(untilMs: number, out: (emitted: Emission) => void, gate: Gate): void {
    for (;;) {
      const step = this.#state === 'running' ? this.plan.steps[this.#cursor] : undefined;
      const dueMs = step === undefined ? Infinity : this.#dueMs(step);
      const aside = this.#aside[0];
      if (aside !== undefined && aside.tMs <= untilMs && aside.tMs <= dueMs) {
        this.#aside.shift();
        aside.run(aside.tMs).forEach(out);
        continue;
      }
      if (step === undefined || dueMs > untilMs) break;
      if (!this.#perform(step, dueMs, untilMs, out, gate)) break;
      this.#cursor++;
    }
    if (this.#state === 'running' && this.#cursor >= this.plan.steps.length) this.#state = 'done';
  }

  #perform(step: PlannedStep, dueMs: number, untilMs: number, out: (emitted: Emission) => void, gate: Gate): boolean {
    const { act } = step;
    switch (act.kind) {
      case 'records':
        act.make(dueMs).forEach(out);
        if (act.credit !== undefined) this.#move(act.credit.role.no, act.credit.fen);
        if (act.share === 'start') this.#share = this.#shareStop();
        if (act.share === 'stop') this.#share = null;
        return true;
      case 'cash': {
        act.make(dueMs).forEach(out);
        this.#move(act.role.no, -act.fen);
        if (this.plan.script.label === 'fraud' && act.role.person === this.plan.victim.id)
          this.lost.push({
            txid: `${this.plan.id}.${step.index}`,
            eventId: act.make(dueMs)[0]?.record.id ?? '',
            amtFen: act.fen,
            atMs: dueMs,
            payer: act.role.no,
            payee: 'cash',
          });
        return true;
      }
      case 'call':
        this.#ring(act.call, dueMs, out);
        return true;
      case 'hangUp':
        this.#hangUp(act.call.id, dueMs, out);
        return true;
      case 'payment':
        return this.#pay(step, act.payment, dueMs, untilMs, out, gate);
    }
  }

  #move(account: string, fen: number): void {
    this.#balances.set(account, Math.max(0, (this.#balances.get(account) ?? 0) + fen));
  }

  #ring(call: PlannedCall, tMs: number, out: (emitted: Emission) => void): void {
    if (!call.answered) {
      out(
        callRecord(
          { id: call.id, startMs: tMs, durationS: 0, answered: false, ringS: 20, spoof: call.spoof, conf: call.conf },
          call.caller,
          call.callee,
        ),
      );
      return;
    }
    this.#open.set(call.id, { call, startMs: tMs });
    signal({ id: call.id, ev: 'begin', tMs }, call.caller, call.callee).forEach(out);
  }

  #hangUp(id: string, tMs: number, out: (emitted: Emission) => void): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    const { call, startMs } = open;
    signal({ id, ev: 'end', tMs }, call.caller, call.callee).forEach(out);
    out(
      callRecord(
        {
          id,
          startMs,
          durationS: Math.max(1, Math.round((tMs - startMs) / 1000)),
          answered: true,
          ringS: 8,
          spoof: call.spoof,
          conf: call.conf,
        },
        call.caller,
        call.callee,
      ),
    );
  }

  #shareStop(): { stop: PlannedStep } | null {
    const stop = this.plan.steps.slice(this.#cursor).find((step) => step.act.kind === 'records' && step.act.share === 'stop');
    return stop === undefined ? null : { stop };
  }

  /** The payment that a step means, with what the account holds now; null when there is nothing to pay with. */
  #payment(step: PlannedStep, planned: PlannedPayment, tMs: number): Payment | null {
    const holds = this.#balances.get(planned.from.no) ?? 0;
    const unit = 10 ** (2 - Math.min(2, planned.digits));
    const wanted = planned.all > 0 ? Math.max(10_000, holds * planned.all) : planned.yuan * 100;
    const amtFen = Math.round(Math.min(wanted, holds) / unit) * unit;
    if (amtFen < 100) return null;
    const side = (role: Role, balFen: number) => ({
      no: role.no,
      bank: role.bank,
      kind: role.kind,
      region: role.region,
      balFen,
      seen: role.seen,
      device: role.device,
    });
    return {
      resident: planned.from.person === this.plan.victim.id ? this.plan.victim.index : -1,
      fund: {
        txid: `${this.plan.id}.${step.index}`,
        tMs,
        amtFen,
        stream: planned.stream,
        scene: planned.scene,
        chan: planned.chan,
        purpose: planned.purpose,
        payroll: planned.payroll,
      },
      payer: side(planned.from, holds - amtFen),
      payee: side(planned.to, (this.#balances.get(planned.to.no) ?? 0) + amtFen),
    };
  }

  #pay(step: PlannedStep, planned: PlannedPayment, dueMs: number, untilMs: number, out: (emitted: Emission) => void, gate: Gate): boolean {
    const payment = this.#payment(step, planned, dueMs);
    if (payment === null) return true;
    const answer: GateAnswer = planned.from.asks ? gate(step, payment, dueMs) : { kind: 'go', atMs: dueMs };
    if (answer.kind === 'wait' || answer.atMs > untilMs) return false;
    this.#shiftMs += Math.max(0, answer.atMs - dueMs);
    if (answer.kind === 'skip') return true;
    const tMs = Math.max(dueMs, answer.atMs);
    executed(payment, tMs).forEach(out);
    const { amtFen } = payment.fund;
    this.#move(planned.from.no, -amtFen);
    this.#move(planned.to.no, amtFen);
    this.paidIds.push(`${payment.fund.txid}o`);
    if (planned.to.mule && !planned.from.mule && planned.from.person === this.plan.victim.id)
      this.lost.push({
        txid: payment.fund.txid,
        eventId: `${payment.fund.txid}o`,
        amtFen,
        atMs: tMs,
        payer: planned.from.no,
        payee: planned.to.no,
      });
    if (planned.to.mule && !planned.from.mule && this.plan.script.launder !== undefined)
      this.#launder(tMs, planned.to, amtFen, this.plan.script.launder, 0, mix(step.index));
    return true;
  }

  /** Money goes on from mule to mule and leaves as cash or to a trader. Each hop is decided by plan and step alone. */
  #launder(tMs: number, from: Role, fen: number, how: Launder, depth: number, path: number): void {
    if (fen < 50_000) return;
    const random = new Random(this.plan.key, 0xca5, path, depth);
    const range = (value: number | readonly [number, number]): number =>
      typeof value === 'number' ? value : random.between(value[0], value[1]);
    const startMs = Math.round(tMs + range(how.delay_min) * 60_000);
    const hopId = (n: number): string => `${this.plan.id}.m${path.toString(36)}.${depth}.${n}`;
    const balance = (no: string): number => this.#balances.get(no) ?? 0;
    if (depth + 1 >= how.layers) {
      if (how.exit === 'cash') {
        let left = Math.min(fen, 2_000_000);
        for (let n = 0; left >= 100_000 && n < WITHDRAWALS_MAX; n++) {
          const take = Math.min(left, random.pick([500_000, 490_000, 300_000]));
          left -= take;
          const region = random.pick(['530100', '450100']);
          this.#later(startMs + n * 180_000, (at) => {
            this.#move(from.no, -take);
            return from.seen
              ? [
                  emission('cash', from.no, {
                    id: `${hopId(n)}c`,
                    t: at,
                    acct: from.no,
                    person: from.person,
                    ev: 'withdraw',
                    amt: take,
                    chan: 'atm',
                    terminal: `atm${n % 4}`,
                    region,
                    bal: balance(from.no),
                  }),
                ]
              : [];
          });
        }
      } else {
        const trader = {
          no: cardNumber(8, 62_900_000 + (this.plan.key % 50)),
          bank: 'CMB',
          kind: 'otc',
          region: '440300',
          balFen: null,
          seen: false,
        };
        this.#later(startMs, (at) => this.#hop(hopId(0), at, from, Math.round(fen * 0.98), trader));
      }
      return;
    }
    const parts = Math.max(1, Math.round(range(how.split)));
    const rest = fen * range(how.keep);
    for (let n = 0; n < parts; n++) {
      const share = Math.round(((rest / parts) * random.between(0.97, 1.03)) / 100) * 100;
      const known = n === 0 ? this.plan.roles.get(`L${depth}`) : undefined;
      const to: Role = known ?? {
        ...from,
        name: `L${depth}.${n}`,
        no: cardNumber(8, 64_000_000 + (mix(this.plan.key, path, depth, n) % 2_000_000)),
        bank: random.pick(OTHER_BANKS),
        kind: 'personal',
        seen: false,
        startFen: 0,
      };
      this.#later(startMs + n * 60_000, (at) => {
        this.#move(to.no, share);
        const records = this.#hop(hopId(n), at, from, share, {
          no: to.no,
          bank: to.bank,
          kind: to.kind,
          region: to.region,
          balFen: to.seen ? balance(to.no) : null,
          seen: to.seen,
        });
        this.#launder(at, to, share, how, depth + 1, mix(path, n));
        return records;
      });
    }
  }

  #hop(
    txid: string,
    tMs: number,
    from: Role,
    fen: number,
    to: { no: string; bank: string; kind: string; region: string; balFen: number | null; seen: boolean },
  ): Emission[] {
    this.#move(from.no, -fen);
    return fundRecords(
      { txid, tMs, amtFen: Math.max(1, fen), stream: 'bank', scene: 'transfer', chan: 'mobile', purpose: 'none' },
      {
        no: from.no,
        bank: from.bank,
        kind: from.kind,
        region: from.region,
        balFen: this.#balances.get(from.no) ?? 0,
        seen: from.seen && from.kind !== 'payacct',
        device: from.device,
      },
      to,
    );
  }

  #later(tMs: number, run: (tMs: number) => Emission[]): void {
    let at = this.#aside.length;
    while (at > 0 && (this.#aside[at - 1]?.tMs ?? 0) > tMs) at--;
    this.#aside.splice(at, 0, { tMs, run });
  }

  /** The person believes us: hangs up, ends the sharing, pays no more. What the mules have got goes on. */
  stop(atMs: number, out: (emitted: Emission) => void): void {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    this.#stoppedMs = atMs;
    for (const id of this.#open.keys()) this.#hangUp(id, atMs, out);
    const share = this.#share;
    this.#share = null;
    if (share !== null) {
      assert(share.stop.act.kind === 'records', 'the end of a sharing is a record');
      share.stop.act.make(atMs).forEach(out);
    }
  }
}
