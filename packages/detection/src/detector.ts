import { withAssessed, type Catalogue, type Policies } from '@skyeye/catalogue';
import type { Assessment, Level, Scam, StreamEvent } from '@skyeye/contracts';
import type { Evaluation } from '@skyeye/engine';
import { Budget, type BarSeen, type BudgetState } from './budget.ts';
import { changeOf } from './change.ts';
import { evidenceOf } from './describe-event.ts';
import { FALLBACK_SCORED_BY } from './fallback.ts';
import { raisedLevel, rulesSaid, scamByRules, type FiredRule } from './fire-rules.ts';
import { levelOf, type LevelFacts } from './level-policy.ts';
import { expectedLoss, urgencyOf } from './loss.ts';
import { inputSignature, writeInputs, type InputSignature } from './model-input.ts';
import {
  balanceFen,
  copyPerson,
  EPISODE_MS,
  EVENTS_MS,
  foldEvaluations,
  foldEvent,
  justPaid,
  liveAt,
  lostFen,
  newPerson,
  paymentSaid,
  pendingFen,
  prune,
  type LiveState,
  type PaymentSaid,
  type PersonState,
} from './person-state.ts';
import { Persons, type PersonsMark, type PersonsPart, type PersonsWriting } from './persons.ts';
import { pictureOf } from './picture.ts';
import { scored } from './probability.ts';
import { reasonsOf, strongest } from './reasons.ts';
import type { RuleBook } from './rule-book.ts';
import { isOffenderFeature, scoreByRules, type RuleScore, type Weighed } from './rule-score.ts';

export interface DetectorOptions {
  readonly catalogue: Catalogue;
  readonly policies: Policies;
  /** Of the model and the engine, as an assessment names them. */
  readonly versions: { readonly model: string; readonly engine: string };
  /** Rules of analysts, which may be replaced while the detector runs; none by default. */
  readonly rules?: RuleBook | null;
  /** Persons remembered at most; past it the one seen longest ago goes. */
  readonly personsMax?: number;
  /** Visits a day that the county can make: the bar for P1 and P2 follows. Default: none, every case is sent. */
  readonly visitsPerDay?: number | null;
}

/** What caused an observation: an event with its stamps, or a minute clock (`event` null). */
export interface Cause {
  readonly event: StreamEvent | null;
  readonly evaluations: readonly Evaluation[];
}

/** A person who must be scored after a cause. Holds all that was true at that moment. */
export interface Pending {
  readonly person: string;
  readonly phone: string | null;
  readonly acct: string | null;
  readonly t: number;
  readonly event: StreamEvent | null;
  readonly rule: RuleScore;
  /** Live rules that hold, the highest level first. */
  readonly fired: readonly FiredRule[];
  /** The row of the model's input, in the order of `signature`. */
  readonly row: Float32Array;
  readonly live: LiveState;
  /** The payment to speak of. */
  readonly payment: PaymentSaid | null;
  readonly pendingFen: number;
  readonly lostFen: number;
  readonly paidNow: boolean;
  readonly balanceFen: number | null;
  readonly sinceMs: number;
  /** What a correction took back since something was said of the person. */
  readonly retracted: readonly string[];
  /** What the axis shows, the cause included, whether an assessment carried it already or not. */
  readonly events: readonly StreamEvent[];
}

/** A model's answer for the pendings in their order; null when it was late or failed (invariant 5). */
export type Predictions = {
  readonly probabilities: Float32Array;
  readonly scams?: readonly (Scam | null)[];
  /** Money that leaves within the hour, probability included, fen. */
  readonly lossHourFen?: ArrayLike<number>;
} | null;

/** Detection as plain data: for checkpoints. */
export interface DetectorState {
  readonly format: 1;
  /** Null: they come in parts. */
  readonly persons: readonly (readonly [person: string, state: PersonState])[] | null;
  /** Absent in checkpoints of before. */
  readonly budget?: BudgetState;
}

/** Below these points no level can come out, whatever the model says; the model is not asked. */
const POINTS_MIN = 3;
/** Ids of events that assessments carried already: three times what a person's axis holds. */
const SENT_MAX = 300;
const OFFENDER_POINTS = { least: 14, times: 1 } as const;
/** Groups whose weight-3 features are strong evidence by themselves; amounts and the payee's account are not. */
const STRONG_GROUPS = new Set(['A', 'C', 'D', 'E', 'K', 'L', 'M']);
const BACKGROUND_GROUPS = new Set(['G', 'J', 'N', 'B', 'F', 'H', 'I']);
/** Groups whose strong signals say that somebody steers the person: calls, and what is on the phone. */
const CONTROL_GROUPS = new Set(['A', 'E']);
/** The sequences that innocent scripts of the simulator have too: who buys a house or a car. */
const ALSO_INNOCENT: ReadonlySet<string> = new Set([
  'x_longcall_transfer_60m',
  'x_longcall_app_60m',
  'x_break_out_24h',
  'x_limit_then_big_1h',
]);
const PAYEE_OF_OLD: ReadonlySet<string> = new Set([
  'mit_payee_established',
  'mit_payee_popular_180d',
  'mit_payee_paid_before',
  'mit_payee_kin_self',
  'mit_payee_merchant_gov',
]);
const KNOWN_SCAM: ReadonlySet<string> = new Set([
  'out_payee_black',
  'web_hit_l2_24h',
  'web_submit_hit_24h',
  'web_task_fake_24h',
  'app_black_7d',
  'shop_fakesite_pay_2h',
  'shop_offplat_pay_24h',
  'x_hit_otp_transfer_30m',
  'num_goip_hit_7d',
  'call_spoof_cnt_24h',
  'elder_deepfake_pay_4h',
]);

/**
 * Turns evaluations into assessments. Pure and in memory: `observe` folds a batch and says who must be scored, `conclude`
 * says what came of it. What it says depends on causes in order, never on the clock or the batching.
 */
export class Detector {
  readonly signature: InputSignature;
  readonly #options: Required<DetectorOptions>;
  readonly #budget: Budget;
  readonly #persons: Persons;

  constructor(options: DetectorOptions) {
    this.#options = { personsMax: 300_000, visitsPerDay: null, rules: null, ...options, catalogue: withAssessed(options.catalogue) };
    this.#persons = new Persons(this.#options.personsMax);
    this.#budget = new Budget(this.#options.visitsPerDay, options.policies.budget);
    this.signature = inputSignature(options.catalogue);
  }

  /** The rules that it asks; replaceable. */
  get rules(): RuleBook | null {
    return this.#options.rules;
  }

  get persons(): number {
    return this.#persons.size;
  }

  /** Visits a day that the county can make; null for no budget. */
  get visitsPerDay(): number | null {
    return this.#options.visitsPerDay;
  }

  /** Priority that a case needs for P1 or P2 now; 0 without a budget. */
  get barFen(): number {
    return this.#budget.barFen;
  }

  /** The bar, and what it comes from. Cost: linear in the cases of three days. */
  get bar(): BarSeen {
    return this.#budget.seen();
  }

  /** Folds causes in order. One pending per cause and person with a signal. Cost: linear in evaluations and signals. */
  observe(causes: readonly Cause[]): Pending[] {
    return causes.flatMap((cause) =>
      this.#personsOf(cause).flatMap(([person, evaluations]) => {
        const state = this.#touch(person, cause.event?.['person'] === person ? cause.event : null, evaluations);
        if (state === undefined) return [];
        const pending = this.#fold({ person, state, event: cause.event, evaluations });
        return pending === undefined ? [] : [pending];
      }),
    );
  }

  /** The same for an event that has not happened; nothing is kept. Undefined when nothing speaks against the person. */
  peek(cause: Cause): Pending | undefined {
    const person = cause.event?.['person'];
    const own = this.#personsOf(cause).find(([name]) => name === person);
    if (own === undefined) return undefined;
    const [name, evaluations] = own;
    const state = copyPerson(this.#persons.get(name) ?? newPerson());
    return this.#fold({ person: name, state, event: cause.event, evaluations, quietToo: true });
  }

  /** Rows of the model's input, one after the other. */
  inputs(pendings: readonly Pending[]): Float32Array {
    const width = this.signature.inputs.length;
    const batch = new Float32Array(pendings.length * width);
    for (const [index, { row }] of pendings.entries()) batch.set(row, index * width);
    return batch;
  }

  /** Assessments that say something new, in order; an unchanged picture is not said again. */
  conclude(pendings: readonly Pending[], predictions: Predictions): Assessment[] {
    return pendings.flatMap((pending, index) => {
      const state = this.#persons.get(pending.person);
      if (state === undefined) return [];
      // A checkpoint may have looked between the folding and this.
      this.#persons.change(pending.person);
      this.#budget.advance(pending.t);
      const made = this.#assess(pending, index, predictions, new Set(state.sent));
      const { facts } = made;
      const free = { ...facts, bar: 0 };
      if (isUrgent(raisedLevel(levelOf(free, this.#options.policies), pending.fired, free)))
        this.#budget.take({ person: pending.person, tMs: pending.t, priorityFen: facts.priority, floor: facts.floor });
      const change = changeOf(state.said, made, { retracted: pending.retracted, catalogue: this.#options.catalogue });
      if (change?.kind !== 'withdrawn') {
        if (made.level === null && state.retracted !== undefined) state.retracted = [];
        if (made.level === null || !isNews(state, made)) return [];
      }
      const urgentMs = isUrgent(made.level) ? pending.t : state.said?.urgentMs;
      state.said =
        made.level === null
          ? null
          : {
              level: made.level,
              live: liveText(made),
              scam: made.scam,
              features: made.reasons.map(({ feature }) => feature.id),
              ...(urgentMs === undefined ? {} : { urgentMs }),
            };
      if (state.retracted !== undefined) state.retracted = [];
      state.sent = [...state.sent, ...made.evidence.map(({ eventId }) => eventId)].slice(-SENT_MAX);
      return [{ ...this.#explain(pending, made), ...(change === null ? {} : { change }) }];
    });
  }

  /** The assessment of a peeked pending, said or not; its level may be null. */
  judge(pending: Pending, predictions: Predictions): Assessment {
    return this.#explain(pending, this.#assess(pending, 0, predictions, new Set()));
  }

  /** Forgets persons of whom nothing was heard for longer than anything is remembered. Cost: linear in persons. */
  sweep(nowMs: number): void {
    for (const [person, state] of this.#persons) {
      if (prune(state, this.#options.policies.memoryMs)) this.#persons.change(person);
      const keepMs = state.signals.size > 0 ? EPISODE_KEEP_MS : EVENTS_MS;
      if (nowMs - state.newestMs > keepMs) this.#persons.delete(person);
    }
  }

  /** All that is remembered. */
  state(): DetectorState & { readonly persons: NonNullable<DetectorState['persons']> } {
    return { ...this.stateBeside(), persons: [...this.#persons] };
  }

  /** What a checkpoint has beside its parts of persons. */
  stateBeside(): DetectorState {
    return { format: 1, persons: null, budget: this.#budget.state() };
  }

  /** Begins a checkpoint of what is remembered of persons, in parts: of all, or of those who changed since another. */
  writePersons(since?: PersonsMark | null): PersonsWriting {
    return this.#persons.write(since);
  }

  /** A part of a checkpoint, in their order. */
  takePersons(part: PersonsPart): void {
    this.#persons.take(part);
  }

  restore(state: DetectorState): void {
    if (state.persons !== null) this.#persons.replace(state.persons);
    if (state.budget !== undefined) this.#budget.restore(state.budget);
  }

  /** Whom a cause is about: those behind its evaluations, and the event's own person. */
  #personsOf({ event, evaluations }: Cause): [string, Evaluation[]][] {
    const found = new Map<string, Evaluation[]>();
    const own = event?.['person'];
    if (typeof own === 'string') found.set(own, []);
    for (const evaluation of evaluations) {
      if (evaluation.person === null) continue;
      const known = found.get(evaluation.person);
      if (known === undefined) found.set(evaluation.person, [evaluation]);
      else known.push(evaluation);
    }
    return [...found];
  }

  /** The person's state, made when there is something to remember. */
  #touch(person: string, event: StreamEvent | null, evaluations: readonly Evaluation[]): PersonState | undefined {
    const known = this.#persons.get(person);
    if (known === undefined && !isMemorable(event, evaluations)) return undefined;
    const state = known ?? newPerson();
    this.#persons.put(person, state);
    return state;
  }

  #fold({
    person,
    state,
    event,
    evaluations,
    quietToo = false,
  }: {
    person: string;
    state: PersonState;
    event: StreamEvent | null;
    evaluations: readonly Evaluation[];
    /** A question is answered once and waits for it: the model is asked whatever little there is. */
    quietToo?: boolean;
  }): Pending | undefined {
    const fired = evaluations.some(({ fires }) => fires);
    foldEvaluations(state, evaluations);
    // A shared key (a site, a device) brings evaluations of others under this event: their phone, money and axis stay theirs.
    if (event !== null && event['person'] === person) foldEvent(state, event, fired);
    const t = event?.t ?? Math.max(...evaluations.map((evaluation) => evaluation.t));
    state.newestMs = Math.max(state.newestMs, t);
    const retracted = state.said === null ? [] : (state.retracted ?? []);
    if ((state.signals.size === 0 && retracted.length === 0) || !state.inScope) return undefined;
    const context = { catalogue: this.#options.catalogue, policies: this.#options.policies, nowMs: t };
    const rule = scoreByRules(state.signals.values(), context);
    const kept = this.#persons.get(person) === state;
    const firedRules = this.#options.rules?.fire(person, state.signals.values(), { ...context, kept }) ?? [];
    const isQuiet = rule.points < POINTS_MIN && rule.offenderPoints < OFFENDER_POINTS.least && firedRules.length === 0;
    if (isQuiet && !quietToo && retracted.length === 0) return undefined;
    const row = new Float32Array(this.signature.inputs.length);
    writeInputs(row, state.signals.values(), context);
    const sinceMs = state.episode?.fromMs ?? t;
    return {
      person,
      t,
      event,
      rule,
      fired: firedRules,
      row,
      sinceMs,
      retracted,
      events: [...state.events],
      phone: state.phone,
      acct: state.acct,
      live: liveAt(state, t),
      payment: paymentSaid(state, sinceMs, t),
      pendingFen: pendingFen(state, t),
      lostFen: lostFen(state, sinceMs, t),
      paidNow: justPaid(state, t),
      balanceFen: balanceFen(state),
    };
  }

  #explain({ rule, live, payment, t }: Pending, { reasons: chosen, facts: { offender }, ...made }: Unexplained): Assessment {
    // Nobody stands at a scammer's door to say it.
    const picture = offender ? null : pictureOf({ nowMs: t, live, payment, strongest: chosen });
    return {
      ...made,
      ...reasonsOf(rule, { chosen, score: made.score, offender, policies: this.#options.policies }),
      ...(picture === null ? {} : { picture }),
    };
  }

  #assess(pending: Pending, index: number, predictions: Predictions, sent: ReadonlySet<string>): Unexplained {
    const { policies, catalogue, versions } = this.#options;
    const { rule, live, t, person, event } = pending;
    const byModel = predictions?.probabilities[index];
    const { evidence, score, byModel: usable } = scored(rule.probability, byModel, policies);
    const lossHour = usable ? predictions?.lossHourFen?.[index] : undefined;
    const offender = isOffender(rule);
    const scam: Scam | null = offender
      ? offenderScam(rule.weighed)
      : (rule.scam ?? scamByRules(pending.fired) ?? predictions?.scams?.[index] ?? null);
    const { pendingFen: waitingFen, balanceFen: balance, sinceMs, paidNow } = pending;
    const contact = live.call || live.share;
    const hourFen = lossHour === undefined || byModel === undefined || byModel === 0 ? null : lossHour / byModel;
    const loss = expectedLoss({ score, scam, hourFen, pendingFen: waitingFen, balanceFen: balance, nowMs: t, sinceMs, contact }, policies);
    const urgency = urgencyOf(
      { pending: live.payment, sharing: live.share, calling: live.call, justPaid: paidNow, msToLoss: loss.atMs - t },
      policies,
    );
    const urgentMs = this.#persons.get(person)?.said?.urgentMs;
    const facts: LevelFacts = {
      ...evidenceFacts(pending),
      score,
      evidence,
      modelled: usable,
      offender,
      contact,
      urgency,
      expected_loss: loss.fen,
      priority: Math.round(urgency * loss.fen),
      bar: this.#budget.barFen,
      floor: live.share && live.payment,
      standing: urgentMs !== undefined && t - urgentMs < EPISODE_MS,
    };
    const it = event?.['it'];
    return {
      facts,
      id: `as:${person}:${event === null ? `clock:${t}` : event.id}`,
      person,
      phone: pending.phone,
      acct: pending.acct,
      t,
      causeEventId: event?.id ?? null,
      score,
      level: raisedLevel(levelOf(facts, policies), pending.fired, facts),
      ...rulesSaid(pending.fired),
      expectedLossFen: loss.fen,
      episodeLossFen: loss.episodeFen,
      lostFen: pending.lostFen,
      lossAtMs: loss.atMs,
      scam,
      reasons: strongest(rule.weighed.filter(({ feature }) => isOffenderFeature(feature) === offender)),
      evidence: pending.events.filter(({ id }) => !sent.has(id)).map(evidenceOf),
      live: { call: live.call, share: live.share, payment: live.payment },
      scoredBy: usable ? 'model+rules' : FALLBACK_SCORED_BY,
      versions: { catalogue: catalogue.version, rules: policies.version, ...versions },
      ingestedAtMs: typeof it === 'number' && it > 0 ? it : null,
    };
  }
}

/** An assessment before its reasons are put in words and weighed, which is done only for what is said. */
type Unexplained = Omit<Assessment, 'reasons' | 'rest' | 'picture'> & { readonly reasons: readonly Weighed[]; readonly facts: LevelFacts };

/** Signals may be asked about for as long as an incident merges. */
const EPISODE_KEEP_MS = 74 * 3_600_000;

function isMemorable(event: StreamEvent | null, evaluations: readonly Evaluation[]): boolean {
  if (evaluations.some(({ fires }) => fires)) return true;
  if (event === null) return false;
  const probe = newPerson();
  foldEvent(probe, event, false);
  return probe.events.length > 0 || probe.outflows.length > 0;
}

/** What the signals and the money say by themselves. */
function evidenceFacts({
  rule,
  live,
  lostFen: lost,
  paidNow,
}: Pending): Pick<LevelFacts, 'strong' | 'decisive' | 'control' | 'mitigated' | 'kinds' | 'paying' | 'paid' | 'known'> {
  const victim = rule.weighed.filter(({ feature, points }) => points > 0 && !BACKGROUND_GROUPS.has(feature.group));
  const strong = rule.weighed.filter(
    ({ feature }) => feature.fires.weight === 3 && STRONG_GROUPS.has(feature.group) && !isOffenderFeature(feature),
  );
  return {
    strong: strong.length,
    decisive: strong.filter(({ feature }) => !ALSO_INNOCENT.has(feature.id)).length,
    control: live.call || live.share || strong.some(({ feature }) => CONTROL_GROUPS.has(feature.group)),
    mitigated: rule.weighed.some(({ feature }) => PAYEE_OF_OLD.has(feature.id)),
    kinds: new Set(victim.map(({ feature }) => feature.group)).size,
    paying: live.payment || paidNow,
    paid: lost > 0,
    known: rule.weighed.some(({ feature }) => KNOWN_SCAM.has(feature.id)),
  };
}

const isOffender = ({ weighed, points, offenderPoints }: RuleScore): boolean =>
  offenderStrong(weighed) >= 2 && offenderPoints >= OFFENDER_POINTS.least && offenderPoints > points * OFFENDER_POINTS.times;

const isUrgent = (level: Level | null): boolean => level === 'P1' || level === 'P2';

const offenderStrong = (weighed: readonly Weighed[]): number =>
  weighed.filter(({ feature }) => feature.fires.weight === 3 && isOffenderFeature(feature)).length;

function offenderScam(weighed: readonly Weighed[]): Scam {
  const caller = weighed.reduce((sum, { feature, points }) => sum + (feature.group === 'B' ? points : 0), 0);
  const all = weighed.reduce((sum, { feature, points }) => sum + (isOffenderFeature(feature) ? points : 0), 0);
  return caller > all / 2 ? 'scam_caller' : 'mule_ring';
}

const liveText = ({ live }: Pick<Assessment, 'live'>): string => `${live.call}/${live.share}/${live.payment}`;
const RANK: Readonly<Record<Level, number>> = { P1: 4, P2: 3, P3: 2, P4: 1 };

/** New is: another level, another live state, another type, a new strongest reason, money, or where the person is. */
function isNews({ said }: PersonState, made: Unexplained): boolean {
  if (said === null || made.level === null) return true;
  if (RANK[made.level] !== RANK[said.level] || liveText(made) !== said.live || made.scam !== said.scam) return true;
  const moneyOrPlace = made.evidence.some(
    ({ stream, facts, eventId }) =>
      eventId === made.causeEventId &&
      (stream === 'loc' || ((stream === 'bank' || stream === 'pay' || stream === 'cash') && facts['dir'] !== 'in')),
  );
  return moneyOrPlace || made.reasons.some(({ feature }) => !said.features.includes(feature.id));
}
