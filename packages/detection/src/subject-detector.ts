import { ASSESSED_SIGNALS, fillReason, withAssessed, type Catalogue, type Policies } from '@skyeye/catalogue';
import type { Counterpart, Level, Reference, StreamEvent, SubjectAssessment, SubjectKind } from '@skyeye/contracts';
import type { Evaluation } from '@skyeye/engine';
import { Counterparts, metBy, type Met } from './counterparts.ts';
import type { Cause } from './detector.ts';
import { rulesSaid, type FiredRule } from './fire-rules.ts';
import { RecentMap } from './recent-map.ts';
import type { RuleBook } from './rule-book.ts';
import { SharedDevices } from './shared-devices.ts';
import { mergeSignal, type Signal } from './signal.ts';
import { speaksOf, subjectRow, subjectSignature } from './subject-input.ts';
import type { InputSignature } from './model-input.ts';

export interface SubjectDetectorOptions {
  readonly catalogue: Catalogue;
  readonly policies: Policies;
  readonly rules?: RuleBook | null;
  /** Of the models and the engine, as an assessment names them. */
  readonly versions: Readonly<Record<SubjectKind | 'engine', string>>;
  /** Accounts and numbers remembered at most; past it the one heard of longest ago goes. */
  readonly subjectsMax?: number;
}

/** An account or a number to be judged after a cause, with all that was true then. */
export interface SubjectPending {
  readonly kind: SubjectKind;
  readonly key: string;
  /** Place of its cause among those observed. */
  readonly at: number;
  readonly t: number;
  readonly event: StreamEvent | null;
  readonly row: Float32Array;
  readonly signals: readonly Signal[];
  readonly fired: readonly FiredRule[];
  readonly counterparts: readonly Counterpart[];
  /** The additive answer, for when the model gives none. */
  readonly ruleProbability: number;
  readonly isRetracted: boolean;
}

/** A model's answers for the pendings of one kind, in their order; null when it was late or failed. NaN: it abstains. */
export type SubjectPredictions = Readonly<Record<SubjectKind, Float32Array | null>>;

/** What came of a batch: assessments, and the causes with what they tell of the persons on the other side. */
export interface Woven {
  readonly said: readonly SubjectAssessment[];
  readonly causes: readonly Cause[];
}

interface SubjectState {
  readonly signals: Map<string, Signal>;
  readonly newestMs: number;
  readonly judgedMs: number;
  readonly said: { readonly level: Level; readonly fromMs: number; readonly atMs: number; readonly features: readonly string[] } | null;
}

/** Plain data, for checkpoints. */
export interface SubjectDetectorState {
  readonly format: 1;
  readonly subjects: readonly (readonly [string, SubjectState])[];
  readonly devices: ReturnType<SharedDevices['state']>;
  readonly counterparts: ReturnType<Counterparts['state']>;
}

const KINDS: readonly SubjectKind[] = ['account', 'number'];
const KIND_OF: Readonly<Record<string, SubjectKind>> = { acct: 'account', number: 'number' };
const RANK: Readonly<Record<Level, number>> = { P1: 4, P2: 3, P3: 2, P4: 1 };
const SCAM = { account: 'mule_ring', number: 'scam_caller' } as const;
const REASONS_MAX = 4;
const DAY_MS = 86_400_000;
/** A property of the device, although the engine keeps it by account: it counts for the others on it. */
const OF_THE_DEVICE: ReadonlySet<string> = new Set(['dev_emulator_24h']);

const nameOf = (kind: SubjectKind, key: string): string => `${kind}/${key}`;
const newSubject = (): SubjectState => ({ signals: new Map(), newestMs: 0, judgedMs: -Infinity, said: null });

/**
 * Accounts and numbers, as `Detector` judges persons: `observe` folds causes and says who is to be judged, `weave` says what came of
 * it. Pure, in memory and bounded; what it says depends on causes in order, never on the clock or the batching. Cost: one look at
 * every evaluation of an account, number or device, and signals and rules of those of which something begins to fire.
 */
export class SubjectDetector {
  readonly signatures: Readonly<Record<SubjectKind, InputSignature>>;
  readonly #o: Required<SubjectDetectorOptions>;
  readonly #places: Readonly<Record<SubjectKind, ReadonlyMap<string, number>>>;
  readonly #speaks: Readonly<Record<SubjectKind, ReadonlySet<string>>>;
  readonly #subjects: RecentMap<SubjectState>;
  readonly #devices = new SharedDevices();
  readonly #counterparts = new Counterparts();

  constructor(options: SubjectDetectorOptions) {
    this.#o = { rules: null, subjectsMax: 100_000, ...options, catalogue: withAssessed(options.catalogue) };
    this.#subjects = new RecentMap(this.#o.subjectsMax);
    const { features } = options.catalogue;
    const speaks = (kind: SubjectKind): Set<string> => new Set(features.filter((one) => speaksOf(kind, one)).map(({ id }) => id));
    this.#speaks = { account: speaks('account'), number: speaks('number') };
    this.signatures = { account: subjectSignature(options.catalogue, 'account'), number: subjectSignature(options.catalogue, 'number') };
    const places = (kind: SubjectKind): Map<string, number> =>
      new Map(this.signatures[kind].inputs.flatMap((name, at) => (name.endsWith('~') ? [] : [[name, at] as const])));
    this.#places = { account: places('account'), number: places('number') };
  }

  get subjects(): number {
    return this.#subjects.size;
  }

  /** Folds causes in order; whom to judge, in the order of causes. */
  observe(causes: readonly Cause[]): SubjectPending[] {
    return causes.flatMap((cause, at) => {
      const touched = new Map<string, boolean>();
      const { event } = cause;
      const met = metIn(cause);
      if (met !== null && this.#counterparts.add(met) && this.#isSaid(met)) touched.set(nameOf(met.kind, met.key), false);
      if (event !== null) this.#link(event);
      for (const seen of cause.evaluations) this.#fold(seen, event, touched);
      const t = event?.t ?? Math.max(...cause.evaluations.map((seen) => seen.t));
      return [...touched].map(([name, isRetracted]) => this.#pending(name, { at, t, event, isRetracted }));
    });
  }

  /** Of history, which accounts were used on one device; nobody is judged for what is past. */
  learn(records: readonly Reference[]): void {
    for (const record of records) if (record.kind === 'history') this.#link(record.event as StreamEvent);
  }

  #link({ stream, t, acct, device }: StreamEvent): void {
    if (stream === 'acct' && typeof device === 'string' && typeof acct === 'string') this.#devices.link(device, acct, t);
  }

  #fold(seen: Evaluation, event: StreamEvent | null, touched: Map<string, boolean>): void {
    const kind = KIND_OF[seen.keyType];
    if (kind !== undefined) {
      if (this.#speaks[kind].has(seen.feature)) this.#foldOwn(kind, seen.key, seen, touched);
      if (!seen.fires || kind !== 'account' || !OF_THE_DEVICE.has(seen.feature)) return;
      for (const device of this.#devices.devicesOf(seen.key)) this.#foldDevice(device, seen, touched);
      return;
    }
    if (seen.keyType === 'device' && this.#speaks.account.has(seen.feature)) this.#foldDevice(seen.key, seen, touched);
    else if (seen.keyType === 'ip' && typeof event?.['acct'] === 'string') this.#foldOwn('account', event['acct'], seen, touched);
    else if (
      seen.keyType === 'device' &&
      event?.['dir'] === 'out' &&
      typeof event['phone'] === 'string' &&
      this.#speaks.number.has(seen.feature)
    )
      this.#foldOwn('number', event['phone'], seen, touched);
  }

  #foldOwn(kind: SubjectKind, key: string, seen: Evaluation, touched: Map<string, boolean>): void {
    const name = nameOf(kind, key);
    const known = this.#subjects.get(name);
    if (known === undefined && !seen.fires) return;
    const state = known ?? newSubject();
    const before = state.signals.get(seen.feature);
    const merged = mergeSignal(before, seen);
    if (merged === undefined) {
      if (before === undefined) return;
      state.signals.delete(seen.feature);
      if (state.said !== null) touched.set(name, true);
      return;
    }
    state.signals.set(seen.feature, merged);
    this.#subjects.set(name, { ...state, newestMs: Math.max(state.newestMs, seen.t) });
    if (!seen.fires) return;
    const isNew = before?.stillFires !== true || seen.t - before.firedMs >= this.#o.policies.subjects.memoryMs;
    if (isNew || seen.t - state.judgedMs >= this.#o.policies.subjects.judgeAgainMs) touched.set(name, touched.get(name) ?? false);
  }

  #foldDevice(device: string, seen: Evaluation, touched: Map<string, boolean>): void {
    if (!this.#devices.fold(device, seen)) return;
    for (const account of this.#devices.accountsOf(device)) {
      const name = nameOf('account', account);
      const state = this.#subjects.get(name) ?? newSubject();
      this.#subjects.set(name, { ...state, newestMs: Math.max(state.newestMs, seen.t) });
      touched.set(name, touched.get(name) ?? false);
    }
  }

  #pending(name: string, { at, t, event, isRetracted }: Pick<SubjectPending, 'at' | 't' | 'event' | 'isRetracted'>): SubjectPending {
    const [kind, key] = [name.startsWith('account/') ? 'account' : 'number', name.slice(name.indexOf('/') + 1)] as const;
    const state = this.#subjects.get(name) ?? newSubject();
    this.#subjects.set(name, { ...state, judgedMs: Math.max(state.judgedMs, t) });
    const { policies, catalogue } = this.#o;
    const { memoryMs, counterpartMs, logistic } = policies.subjects;
    const own = new Map(state.signals);
    if (kind === 'account')
      for (const signal of this.#devices.signalsOf(key)) {
        const known = own.get(signal.feature);
        if (known === undefined || known.firedMs < signal.firedMs) own.set(signal.feature, signal);
      }
    const signals = [...own.values()].filter(({ firedMs }) => firedMs <= t && t - firedMs < memoryMs);
    const sum = signals.reduce((total, { feature }) => total + Math.max(0, catalogue.byId.get(feature)?.fires.weight ?? 0), 0);
    const fired = this.#o.rules?.fireOf(kind, signals, { catalogue, policies: { ...policies, memoryMs }, nowMs: t }) ?? [];
    return {
      kind,
      key,
      at,
      t,
      event,
      isRetracted,
      signals,
      fired,
      row: subjectRow(signals, { places: this.#places[kind], width: this.signatures[kind].inputs.length, nowMs: t, memoryMs }),
      counterparts: this.#counterparts.since(kind, key, t - counterpartMs[kind]),
      ruleProbability: sum === 0 ? 0 : 1 / (1 + Math.exp(-(sum - logistic.even) / logistic.width)),
    };
  }

  /** Rows of a model's input for the pendings of one kind, one after the other. */
  inputs(pendings: readonly SubjectPending[], kind: SubjectKind): { readonly rows: Float32Array; readonly count: number } {
    const own = pendings.filter((pending) => pending.kind === kind);
    const width = this.signatures[kind].inputs.length;
    const rows = new Float32Array(own.length * width);
    for (const [index, { row }] of own.entries()) rows.set(row, index * width);
    return { rows, count: own.length };
  }

  /**
   * Judges, and tells persons: whose payment or call meets a subject that stands at P1 or P2 gets that signal with the same cause; who
   * paid it or was called before it was known gets it in a cause of its own behind the one that raised it.
   */
  weave(causes: readonly Cause[], pendings: readonly SubjectPending[], predictions: SubjectPredictions): Woven {
    const said: SubjectAssessment[] = [];
    const out: Cause[] = [];
    const next = { account: 0, number: 0 };
    let place = 0;
    for (const [at, cause] of causes.entries()) {
      const behind: Cause[] = [];
      for (let pending = pendings[place]; pending?.at === at; pending = pendings[++place]) {
        const made = this.#judge(pending, predictions[pending.kind]?.[next[pending.kind]++]);
        if (made === null) continue;
        said.push(made);
        if (made.level === 'P1' || made.level === 'P2') behind.push(...this.#told(made, cause));
      }
      out.push(this.marked(cause), ...behind);
    }
    return { said, causes: out };
  }

  /** The cause with what stands against the other side; the same where nothing does. For a question, too: nothing is kept. */
  marked(cause: Cause): Cause {
    const { event } = cause;
    const met = metIn(cause);
    if (met === null || event === null || met.with.person === null) return cause;
    const level = this.#standing(met.kind, met.key, met.with.t);
    return level === null ? cause : { event, evaluations: [...cause.evaluations, signalOf(met, level, event.id)] };
  }

  /** P1 or P2 at which an account or a number stands at a time; null where nothing is done about it. */
  levelOf(kind: SubjectKind, key: string, nowMs: number): 'P1' | 'P2' | null {
    return this.#standing(kind, key, nowMs);
  }

  /** Something was said of it in this episode, if only that it is to be watched: who pays now may raise it. */
  #isSaid({ kind, key, with: { t } }: Met): boolean {
    const said = this.#subjects.get(nameOf(kind, key))?.said;
    return said !== null && said !== undefined && t - said.atMs < this.#o.policies.subjects.episodeMs;
  }

  #standing(kind: SubjectKind, key: string, nowMs: number): 'P1' | 'P2' | null {
    const said = this.#subjects.get(nameOf(kind, key))?.said;
    if (said === null || said === undefined || nowMs - said.atMs >= this.#o.policies.subjects.episodeMs) return null;
    return said.level === 'P1' || said.level === 'P2' ? said.level : null;
  }

  /** Those on the other side before it was known, each as a cause of their own; the cause's own person is marked with it. */
  #told({ kind, key, level, counterparts, t, causeEventId }: SubjectAssessment, cause: Cause): Cause[] {
    const own = cause.event?.['person'];
    const persons = new Map<string, Counterpart>();
    for (const one of counterparts) if (one.person !== null && one.person !== own && !persons.has(one.person)) persons.set(one.person, one);
    if (persons.size === 0 || (level !== 'P1' && level !== 'P2')) return [];
    const evaluations = [...persons.values()].map((one): Evaluation => signalOf({ kind, key, with: { ...one, t } }, level, causeEventId));
    return [{ event: null, evaluations }];
  }

  #judge(pending: SubjectPending, byModel: number | undefined): SubjectAssessment | null {
    const { kind, key, t, event, signals, fired, counterparts, isRetracted } = pending;
    const { policies, catalogue, versions } = this.#o;
    const { levels, actions, episodeMs } = policies.subjects;
    const name = nameOf(kind, key);
    const state = this.#subjects.get(name);
    if (state === undefined) return null;
    const usable = byModel !== undefined && byModel >= 0 && byModel <= 1;
    const score = usable ? byModel : pending.ruleProbability;
    const weighed = signals
      .flatMap((signal) => {
        const feature = catalogue.byId.get(signal.feature);
        return feature === undefined || feature.fires.weight <= 0 ? [] : [{ signal, feature, weight: feature.fires.weight }];
      })
      .toSorted((a, b) => b.weight - a.weight || b.signal.firedMs - a.signal.firedMs || a.feature.order - b.feature.order);
    const facts = {
      score,
      strong: weighed.filter(({ weight }) => weight === 3).length,
      hints: weighed.filter(({ weight }) => weight >= 2).length,
      counterparts: counterparts.length,
    };
    const byPolicy = levels[kind].find(({ when }) => when.test(facts) === true)?.level ?? null;
    const byRules = fired[0]?.level ?? null;
    const level = byPolicy === null || (byRules !== null && RANK[byRules] > RANK[byPolicy]) ? byRules : byPolicy;
    const before = state.said !== null && t - state.said.atMs < episodeMs ? state.said : null;
    const isRaised = level !== null && (before === null || RANK[level] > RANK[before.level]);
    const isLowered = isRetracted && before !== null && (level === null || RANK[level] < RANK[before.level]);
    if (!isRaised && !isLowered) return null;
    const chosen = weighed.slice(0, REASONS_MAX);
    const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
    const reasons = chosen.map(({ signal, feature, weight }) => ({
      feature: feature.id,
      says: fillReason(feature.fires.reason, signal.value, feature.unit),
      contribution: weight / total,
      value: signal.value,
      evidence: signal.firedId === null ? [] : [signal.firedId],
    }));
    const sinceMs = before?.fromMs ?? t;
    this.#subjects.set(name, {
      ...state,
      said: level === null ? null : { level, fromMs: sinceMs, atMs: t, features: chosen.map(({ feature }) => feature.id) },
    });
    const because = isLowered ? TAKEN_BACK : reasons[0]?.says;
    const it = event?.['it'];
    return {
      id: `su:${name}:${event === null ? `clock:${t}` : event.id}`,
      kind,
      key,
      t,
      causeEventId: event?.id ?? null,
      sinceMs,
      score,
      level,
      scam: SCAM[kind],
      reasons,
      ...rulesSaid(fired),
      actions: level === null ? [] : [...actions[kind][level]],
      counterparts: [...counterparts],
      ...(before === null || because === undefined
        ? {}
        : { change: { kind: isRaised ? 'raised' : level === null ? 'withdrawn' : 'corrected', from: before.level, because } }),
      scoredBy: usable ? 'model+rules' : 'rules',
      versions: { catalogue: catalogue.version, rules: policies.version, model: versions[kind], engine: versions.engine },
      ingestedAtMs: typeof it === 'number' && it > 0 ? it : null,
    };
  }

  /** Forgets what no judgement can see any more. Cost: linear in what is remembered. */
  sweep(nowMs: number): void {
    const { memoryMs, episodeMs, counterpartMs } = this.#o.policies.subjects;
    for (const [name, { newestMs, said }] of this.#subjects.entries())
      if (nowMs - newestMs >= memoryMs && (said === null || nowMs - said.atMs >= episodeMs)) this.#subjects.delete(name);
    this.#counterparts.sweep(nowMs - Math.max(DAY_MS, ...KINDS.map((kind) => counterpartMs[kind])));
    this.#devices.sweep(nowMs);
  }

  state(): SubjectDetectorState {
    return { format: 1, subjects: this.#subjects.entries(), devices: this.#devices.state(), counterparts: this.#counterparts.state() };
  }

  restore({ subjects, devices, counterparts }: SubjectDetectorState): void {
    this.#subjects.restore(subjects.map(([name, state]) => [name, { ...state, signals: new Map(state.signals) }]));
    this.#devices.restore(devices);
    this.#counterparts.restore(counterparts);
  }

  /** Leaves nothing of these keys, neither as subjects nor beside others. */
  forget(keys: ReadonlySet<string>): void {
    const { subjects, devices, counterparts } = this.state();
    const isKept = (name: string): boolean => !keys.has(name.slice(name.indexOf('/') + 1));
    this.restore({
      format: 1,
      subjects: subjects.filter(([name]) => isKept(name)),
      devices: {
        devices: devices.devices
          .filter(([device]) => !keys.has(device))
          .map(([device, of]) => [device, { ...of, accounts: of.accounts.filter((account) => !keys.has(account)) }]),
        of: devices.of
          .filter(([account]) => !keys.has(account))
          .map(([account, list]) => [account, list.filter((device) => !keys.has(device))]),
      },
      counterparts: counterparts
        .filter(([name]) => isKept(name))
        .map(([name, list]) => [name, list.filter(({ key, person }) => !keys.has(key) && (person === null || !keys.has(person)))]),
    });
  }
}

/** Whom a cause meets. A person is named only who is the county's own, as evaluations show: nobody is sent to others. */
function metIn({ event, evaluations }: Cause): Met | null {
  const met = event === null ? null : metBy(event);
  if (met === null || met.with.person === null) return met;
  const { person } = met.with;
  const isOurs = evaluations.some((seen) => seen.person === person && (seen.keyType === 'person' || seen.keyType === 'phone'));
  return isOurs ? met : { ...met, with: { ...met.with, person: null } };
}

const TAKEN_BACK = {
  zh: '后到记录更正,原有依据不成立',
  en: 'a later record shows that the evidence had not been',
};

function signalOf({ kind, with: { person, t } }: Met, level: 'P1' | 'P2', eventId: string | null): Evaluation {
  return {
    feature: ASSESSED_SIGNALS[kind],
    keyType: 'person',
    key: person ?? '',
    person,
    value: level === 'P1' ? 2 : 1,
    fires: true,
    t,
    eventId,
  };
}
