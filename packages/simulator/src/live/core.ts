import { beforeStart, firstMs, REFERENCE_TOPIC } from '../batch.ts';
import { DELAY_MAX_MS, DeliveryQueue, type Delivered } from '../delivery.ts';
import { chunkOf, CHUNK_MS, Habits } from '../habits.ts';
import { asHistory, type ReferenceMessage } from '../import.ts';
import { labelOf, type LabelSink } from '../label.ts';
import { executed, type Payment } from '../payment.ts';
import { DAY_MS, type Population } from '../population.ts';
import { shareOf } from '../random.ts';
import { emission, keyOf, type Emission } from '../records.ts';
import { Instance, type Gate } from '../scripts/instance.ts';
import { adversarial, type Adversary } from '../scripts/adversary.ts';
import type { Plan } from '../scripts/plan.ts';
import { Schedule, SCRIPT_MAX_MS, type Scams } from '../scripts/schedule.ts';
import type { BankDesk } from './bank-desk.ts';
import { Lives, type Life } from './lives.ts';
import type { Decision } from './store.ts';

/** Ordinary transfers from this amount are asked about by a partner bank, this share of them. */
export const ASK_FROM_FEN = 500_000;
export const ASK_SHARE = 0.3;
/** How long a script is remembered after its end: officers may still come. */
const REMEMBER_MS = 3 * DAY_MS;

export interface CoreOptions {
  readonly population: Population;
  readonly scams: Scams;
  readonly everyMs: number;
  /** Of a measured county, see ScheduleOptions. */
  readonly times?: number | undefined;
  readonly only?: ReadonlySet<string> | undefined;
  /** Null: nobody is asked, every payment goes. */
  readonly desk: Pick<BankDesk, 'gate' | 'known'> | null;
  readonly lives: Lives;
  readonly decisions: readonly Decision[];
  /** Everything that arrives up to here has been sent before. Null: a new county. */
  readonly positionMs: number | null;
  readonly labels: LabelSink | null;
  /** Of a measured county: what scammers do who know how they are looked for. */
  readonly adversary?: Adversary | undefined;
}

/** How long and how often an operator tells where a phone is, once asked. */
const LOCATE_FOR_MS = 3_600_000;
const LOCATE_EVERY_MS = 120_000;

const always: Gate = (_step, _payment, dueMs) => ({ kind: 'go', atMs: dueMs });

/** A running county without clock, network and disk: brought forward by `step`. */
export class CountyCore {
  readonly #o: CoreOptions;
  readonly #habits: Habits;
  readonly #queue: DeliveryQueue;
  readonly #schedule: Schedule;
  #nextChunk: number;
  #live: Instance[] = [];
  /** Ended ones that are remembered. */
  #ended: { instance: Instance; atMs: number }[] = [];
  readonly #announced = new Set<Instance>();
  #payments: Payment[] = [];
  readonly #located = new Map<number, { nextMs: number; readonly untilMs: number }>();
  readonly #add: (emitted: Emission) => void;
  readonly #gate: Gate;

  constructor(options: CoreOptions) {
    this.#o = options;
    const { population, positionMs, scams, everyMs, times, only, desk } = options;
    const fromMs = positionMs ?? population.startMs;
    this.#habits = new Habits(population);
    this.#queue = new DeliveryQueue(population.seed, positionMs ?? -Infinity, population.province);
    this.#add = (emitted) => {
      this.#queue.add(emitted);
      this.#locateAtSetUp(emitted);
    };
    this.#schedule = new Schedule(population, { scams, everyMs, times, only }, fromMs - SCRIPT_MAX_MS, fromMs - REMEMBER_MS);
    this.#nextChunk = chunkOf(Math.max(population.startMs, fromMs - DELAY_MAX_MS));
    this.#gate = desk === null ? always : (_step, payment) => desk.gate(payment);
  }

  /** Registers and first steps of scripts that began before the county: part of the first day's import. Call once, first. */
  *begin(): Generator<ReferenceMessage> {
    const { startMs } = this.#o.population;
    for (const plan of this.#schedule.due(this.#o.positionMs ?? startMs)) yield* this.#admit(plan);
  }

  *#admit(plan: Plan): Generator<ReferenceMessage> {
    const instance = new Instance(adversarial(plan, this.#o.adversary ?? 'none'));
    this.#live.push(instance);
    this.#o.lives.add(instance);
    yield* beforeStart(instance, this.#o.population.startMs, this.#add);
    if (firstMs(plan) < this.#o.population.startMs) this.#announced.add(instance);
  }

  /** After a restart: lives again through what was decided, up to the position. What was sent is not sent again. Yields now and then, so that the process can do other things. */
  *restore(): Generator<void> {
    const { positionMs, decisions, lives } = this.#o;
    if (positionMs === null) return;
    for (; this.#nextChunk * CHUNK_MS <= positionMs; this.#nextChunk++) {
      this.#everyday(this.#nextChunk);
      yield;
    }
    for (const entry of decisions) {
      if (entry.d === 'contact') lives.countContact(entry.plan);
      if (entry.d !== 'stop') continue;
      const instance = lives.byPlan(entry.plan);
      if (instance === undefined) continue;
      this.#announce(instance, positionMs);
      instance.advance(entry.at, this.#add, this.#gate);
      instance.stop(entry.at, this.#add);
    }
  }

  #announce(instance: Instance, untilMs: number): void {
    const atMs = Math.max(this.#o.population.startMs, firstMs(instance.plan) - 1);
    if (this.#announced.has(instance) || atMs > untilMs) return;
    this.#announced.add(instance);
    for (const { entity, record } of instance.plan.references)
      this.#queue.put({ topic: REFERENCE_TOPIC, key: keyOf(entity), record, arrivalMs: atMs });
    for (const past of instance.plan.history) {
      const { key, record } = asHistory(past);
      this.#queue.put({ topic: REFERENCE_TOPIC, key, record, arrivalMs: atMs });
    }
  }

  /** Lives on to `nowMs` and gives out what arrives by then, in order. */
  step(nowMs: number): Delivered[] {
    for (const plan of this.#schedule.due(nowMs))
      for (const message of this.#admit(plan))
        this.#queue.put({ topic: REFERENCE_TOPIC, key: message.key, record: message.record, arrivalMs: nowMs });
    for (; this.#nextChunk * CHUNK_MS <= nowMs; this.#nextChunk++) this.#everyday(this.#nextChunk);
    this.#pay(nowMs);
    this.#locate(nowMs);
    for (const instance of this.#live) {
      this.#announce(instance, nowMs);
      if ((instance.nextMs ?? Infinity) <= nowMs || instance.state !== 'running') instance.advance(nowMs, this.#add, this.#gate);
    }
    this.#forget(nowMs);
    return this.#queue.takeUntil(nowMs);
  }

  #everyday(chunk: number): void {
    const { desk } = this.#o;
    for (const item of this.#habits.chunk(chunk)) {
      if (item.kind === 'record') this.#add(item.emission);
      else if (desk !== null && this.#isAsked(item.payment)) this.#payments.push(item.payment);
      else executed(item.payment, item.payment.fund.tMs).forEach(this.#add);
    }
  }

  #isAsked({ fund, payer, resident }: Payment): boolean {
    return fund.stream === 'bank' && resident >= 0 && payer.seen && fund.amtFen >= ASK_FROM_FEN && shareOf(fund.txid) < ASK_SHARE;
  }

  #pay(nowMs: number): void {
    const { desk, positionMs } = this.#o;
    if (desk === null || this.#payments.length === 0) return;
    this.#payments = this.#payments.filter((payment) => {
      const { txid, tMs } = payment.fund;
      if (tMs > nowMs) return true;
      // Of the time before a restart, what is not in the journal was decided so long ago that it went.
      const answer =
        positionMs !== null && tMs <= positionMs - DELAY_MAX_MS
          ? (desk.known(txid) ?? { kind: 'go' as const, atMs: tMs })
          : desk.gate(payment);
      if (answer.kind === 'wait') return true;
      if (answer.kind === 'go') executed(payment, Math.max(tMs, answer.atMs)).forEach(this.#add);
      return false;
    });
  }

  #forget(nowMs: number): void {
    const { lives, labels } = this.#o;
    const over = this.#live.filter((instance) => instance.finished);
    if (over.length > 0) {
      this.#live = this.#live.filter((instance) => !instance.finished);
      for (const instance of over) {
        this.#announced.delete(instance);
        this.#ended.push({ instance, atMs: nowMs });
        labels?.(labelOf(instance));
      }
    }
    while ((this.#ended[0]?.atMs ?? Infinity) < nowMs - REMEMBER_MS) {
      const oldest = this.#ended.shift();
      if (oldest !== undefined) lives.remove(oldest.instance);
    }
  }

  /** The operator is asked where a phone is: its cell comes every two minutes for an hour. */
  requestLocation(resident: number, nowMs: number): void {
    const known = this.#located.get(resident);
    this.#located.set(resident, { nextMs: known?.nextMs ?? nowMs, untilMs: nowMs + LOCATE_FOR_MS });
  }

  #locate(nowMs: number): void {
    for (const [index, request] of this.#located) {
      const resident = this.#o.population.residents[index];
      if (resident?.phone == null || request.nextMs > request.untilMs) {
        this.#located.delete(index);
        continue;
      }
      if (request.nextMs > nowMs) continue;
      this.#report(index, `q${index.toString(36)}.${request.nextMs.toString(36)}`, nowMs);
      request.nextMs = nowMs + LOCATE_EVERY_MS;
    }
  }

  /** A network knows the cell of a phone when a call is set up; for phones that are asked about it tells. */
  #locateAtSetUp({ stream, record }: Emission): void {
    if (stream !== 'callsig' || record['ev'] !== 'begin') return;
    for (const [index, { untilMs }] of this.#located) {
      const phone = this.#o.population.residents[index]?.phone;
      if (phone == null || record.t > untilMs || (record['caller'] !== phone && record['callee'] !== phone)) continue;
      this.#report(index, `s${index.toString(36)}.${record.t.toString(36)}`, record.t);
    }
  }

  #report(index: number, id: string, tMs: number): void {
    const resident = this.#o.population.residents[index];
    if (resident?.phone == null) return;
    const { phone, cell } = resident;
    const { code: region } = this.#o.population.county;
    this.#queue.add(emission('loc', phone, { id: `loc-${id}`, t: tMs, phone, ev: 'cell', poi: null, cell, region, risk_area: false }));
  }

  /** Somebody speaks with a resident. */
  contact(resident: number, how: 'counter' | 'call' | 'visit', atMs: number): Life {
    return this.#o.lives.contact(resident, how, atMs, this.#add);
  }

  /** Residents who are in a script at this moment: where officers will be needed. */
  inPlay(nowMs: number): number[] {
    return this.#live.filter((instance) => instance.plan.t0Ms <= nowMs).map((instance) => instance.plan.victim.index);
  }

  get counts(): { readonly live: number; readonly onTheWay: number } {
    return { live: this.#live.length, onTheWay: this.#queue.size };
  }
}
