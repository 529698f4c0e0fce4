import type { Reference, StreamEvent, StreamName, SubjectKind } from '@skyeye/contracts';
import {
  chanceOf,
  ClosedCounty,
  type Adversary,
  type Case,
  type GateAnswer,
  type Payment,
  type ProvinceName,
} from '@skyeye/simulator/measured';
import { eventsOf, referencesOf } from './records.ts';
import { Response, type Alert } from './response.ts';
import type { Answer, Judgement, Said, Subject } from './subject.ts';

const MIN_MS = 60_000;
const DAY_MS = 86_400_000;
/** As the scorer's minute clock. */
const STEP_MS = 30_000;
const LEARN_AT_ONCE = 200;
/** Asked again until nothing waits for an answer; a script pays at most so often in one step. */
const QUESTIONS_MAX = 20;

export interface RunOptions {
  readonly seed: number;
  readonly residents: number;
  readonly days: number;
  readonly times: number;
  readonly province: ProvinceName;
  readonly signalling?: number;
  /** Of the scripts only these; default: all. */
  readonly only?: ReadonlySet<string>;
  readonly silent?: ReadonlySet<StreamName>;
  readonly adversary?: Adversary;
}

/** A payment that a bank asked about, with what became of it. */
export interface Asked extends Omit<Answer, 'outcome'> {
  readonly answered: Answer['outcome'];
  /** As answered; `delay` too where the payer of a held payment insisted and it goes out a day later. */
  outcome: Answer['outcome'];
  readonly txid: string;
  readonly resident: number;
  readonly amountFen: number;
  readonly atMs: number;
  readonly payee: string;
}

export interface Run {
  readonly options: RunOptions;
  readonly startMs: number;
  readonly endMs: number;
  readonly cases: readonly Case[];
  readonly alerts: readonly Alert[];
  readonly asked: readonly Asked[];
  /** Accounts and numbers, when each was found first, ms. */
  readonly found: Readonly<Record<SubjectKind, ReadonlyMap<string, number>>>;
  /** Part of the time of folding that accounts and numbers took; NaN where nothing measures it. */
  readonly othersShare: number;
  /** Accounts and numbers of residents. */
  readonly ownOf: Readonly<Record<SubjectKind, number>>;
  readonly judgements: readonly Judgement[];
  readonly signalMs: (person: string) => number | undefined;
  readonly events: number;
  /** The first events, for measuring the time they take. */
  readonly sample: readonly StreamEvent[];
  readonly references: readonly Reference[];
}

const SAMPLE_MAX = 20_000;

/**
 * A whole county with one way of detecting: records as they reach us → engine → levels and holds → calls, visits and tellers →
 * people who give up or go on. Faster than real time; the same options give the same run.
 */
export async function runCounty(options: RunOptions, subject: Subject): Promise<Run> {
  const bank = new Bank(
    options.seed,
    subject,
    (said, nowMs) => take([said], nowMs),
    (resident, atMs) => {
      const before = county.life(resident, atMs);
      if (before.label !== 'fraud') return 'honest';
      return before.stopped || county.contact(resident, 'counter', atMs).stopped ? 'gives_up' : 'insists';
    },
  );
  const county = new ClosedCounty({ ...options, gate: (payment) => bank.gate(payment) });
  const { residents } = county.population;
  const residentOf = new Map(residents.map(({ id, index }) => [id, index]));
  const labels = (): ReadonlyMap<string, 'fraud' | 'benign'> => new Map(county.cases().map(({ label }) => [label.person, label.label]));
  let labelOf = new Map<string, 'fraud' | 'benign'>();
  const response = new Response({
    county,
    seed: options.seed,
    times: options.times,
    residentOf,
    // Honest people in a script are five times as frequent beside victims in life; everybody else is counted in the precision.
    weightOf: (person) => (labelOf.get(person) === 'fraud' ? 1 : labelOf.get(person) === 'benign' ? HONEST_WEIGHT : 0),
  });
  const found = { account: new Map<string, number>(), number: new Map<string, number>() };
  const take = (said: readonly Said[], nowMs: number): void => {
    for (const { kind, key } of subject.found()) if (!found[kind].has(key)) found[kind].set(key, nowMs);
    for (const one of said) response.take(one, nowMs);
  };
  const kept: Reference[] = [];
  let references: Reference[] = [];
  const learn = (): void => {
    if (references.length > 0) subject.learn(references);
    kept.push(...references);
    references = [];
  };
  for (const { record } of county.import()) {
    references.push(...referencesOf(record));
    if (references.length >= LEARN_AT_ONCE) learn();
  }
  learn();
  const sample: StreamEvent[] = [];
  let events = 0;
  let labelledMs = 0;
  for (let nowMs = county.startMs; nowMs <= county.endMs; nowMs += STEP_MS) {
    if (nowMs - labelledMs >= 3_600_000) {
      labelOf = new Map(labels());
      labelledMs = nowMs;
    }
    for (let round = 0; round < QUESTIONS_MAX; round++) {
      const arrived: StreamEvent[] = [];
      for (const { topic, record, arrivalMs } of county.step(nowMs)) {
        if (topic === 'raw.reference') references.push(...referencesOf(record));
        else arrived.push(...eventsOf(topic, record, arrivalMs));
      }
      learn();
      if (arrived.length > 0) take(await subject.fold(arrived), nowMs);
      events += arrived.length;
      if (sample.length < SAMPLE_MAX) sample.push(...arrived);
      if (!(await bank.answer(nowMs))) break;
    }
    take(await subject.tick(nowMs), nowMs);
    response.step(nowMs);
  }
  return {
    options,
    startMs: county.startMs,
    endMs: county.endMs,
    cases: county.cases(),
    alerts: response.alerts,
    asked: bank.asked,
    found,
    othersShare: subject.othersShare?.() ?? Number.NaN,
    ownOf: {
      account: residents.reduce((sum, { accounts, wallet }) => sum + accounts.length + Number(wallet !== null), 0),
      number: residents.filter(({ phone }) => phone !== null).length,
    },
    judgements: subject.judgements(),
    signalMs: (person) => subject.signalMs(person),
    events,
    sample,
    references: kept,
  };
}

/** Look-alikes per scam in life (the simulator's realistic setting has ten) against those of a crowded county (two). */
export const HONEST_WEIGHT = 5;
/** How long a payment that is delayed can be taken back. */
export const DELAY_MS = DAY_MS;

/** What a teller finds at the counter. */
type Persuade = (resident: number, atMs: number) => 'honest' | 'gives_up' | 'insists';

/** The partner banks: they ask before a payment, hold what they are told to, and a teller ends the hold after the three checks. */
class Bank {
  readonly asked: Asked[] = [];
  readonly #seed: number;
  readonly #subject: Subject;
  readonly #persuade: Persuade;
  readonly #alarm: (said: Said, nowMs: number) => void;
  readonly #answers = new Map<string, GateAnswer>();
  readonly #tellers = new Map<string, { readonly payment: Payment; readonly atMs: number; readonly asked: Asked }>();
  #questions: Payment[] = [];

  constructor(seed: number, subject: Subject, alarm: (said: Said, nowMs: number) => void, persuade: Persuade) {
    this.#seed = seed;
    this.#subject = subject;
    this.#alarm = alarm;
    this.#persuade = persuade;
  }

  gate(payment: Payment): GateAnswer {
    const { txid } = payment.fund;
    const known = this.#answers.get(txid);
    if (known !== undefined) return known;
    if (!this.#tellers.has(txid) && !this.#questions.some(({ fund }) => fund.txid === txid)) this.#questions.push(payment);
    return { kind: 'wait' };
  }

  /** Answers what is asked and ends the holds that are due. True when a payment may now go on. */
  async answer(nowMs: number): Promise<boolean> {
    const questions = this.#questions;
    this.#questions = [];
    let moved = false;
    for (const payment of questions) {
      const { fund, payee } = payment;
      const answer = await this.#subject.ask({
        event: eventOf(payment),
        amountFen: fund.amtFen,
        payeeKind: payee.kind === 'payacct' ? 'personal' : (payee.kind as 'personal'),
      });
      if (answer.alert !== null) this.#alarm(answer.alert, nowMs);
      const asked: Asked = {
        ...answer,
        answered: answer.outcome,
        txid: fund.txid,
        resident: payment.resident,
        amountFen: fund.amtFen,
        atMs: fund.tMs,
        payee: payee.no,
      };
      this.asked.push(asked);
      if (answer.outcome === 'hold' || answer.outcome === 'fuse') {
        const atMs = nowMs + Math.round(chanceOf(this.#seed, 0x7e11, fund.tMs, fund.amtFen).between(5, 11) * MIN_MS);
        this.#tellers.set(fund.txid, { payment, atMs, asked });
        continue;
      }
      this.#answers.set(fund.txid, { kind: answer.outcome === 'allow' ? 'go' : 'skip', atMs: fund.tMs });
      moved = true;
    }
    for (const [txid, { payment, atMs, asked }] of this.#tellers) {
      if (atMs > nowMs) continue;
      this.#tellers.delete(txid);
      const found = payment.resident < 0 ? 'honest' : this.#persuade(payment.resident, nowMs);
      const delayed = found === 'insists' && asked.insists === 'delay';
      if (delayed) asked.outcome = 'delay';
      this.#answers.set(txid, { kind: found === 'gives_up' || delayed ? 'skip' : 'go', atMs: nowMs });
      moved = true;
    }
    return moved;
  }
}

/** The payment as the bank gateway makes an event of it. */
function eventOf({ fund, payer, payee }: Payment): StreamEvent {
  return {
    stream: 'bank',
    id: `S09:hold:${payer.bank}:${fund.txid}`,
    t: fund.tMs,
    acct: payer.no,
    device: payer.device ?? null,
    ev: 'transfer',
    dir: 'out',
    peer: payee.no,
    amt: fund.amtFen,
    bal: payer.balFen,
    st: 'init',
    chan: fund.chan,
    peer_kind: payee.kind === 'payacct' ? 'personal' : payee.kind,
    peer_bank: payee.bank,
    peer_region: payee.region,
    delay: 'rt',
    purpose: fund.purpose,
    payroll: false,
    txid: fund.txid,
    scene: 'transfer',
  };
}
