import {
  SUBJECT_KINDS,
  type Assessment,
  type PeekReply,
  type Reference,
  type StreamEvent,
  type SubjectAssessment,
  type SubjectKind,
  type Value,
} from '@skyeye/contracts';
import type {
  Cause,
  Detector,
  DetectorState,
  Pending,
  Predictions,
  SubjectDetector,
  SubjectDetectorState,
  SubjectPending,
} from '@skyeye/detection';
import type { EntityKey, LiveEngine, Plan } from '@skyeye/engine';
import type { Telemetry } from '@skyeye/telemetry';
import type { ScorerPart } from './checkpoint.ts';
import { erased } from './erased.ts';
import type { ModelPlaces } from './models-follower.ts';
import { logEvents, metricEntries } from './tables.ts';

/** The model behind its port, as the scorer uses it: probabilities of rows, in their order. */
export interface Predictor {
  readonly version: string;
  /** @throws when the model is broken; the caller falls back to rules and says so */
  predict(rows: Float32Array, count: number): Promise<Predictions>;
}

/** Accounts and numbers, judged beside persons, with a model for each kind. */
export interface Subjects {
  readonly detector: SubjectDetector;
  readonly predictors: Readonly<Record<SubjectKind, Predictor>>;
}

/** What detection remembers, of persons and of the others. */
export interface DetectionState extends DetectorState {
  /** Absent in checkpoints of before. */
  readonly subjects?: SubjectDetectorState;
}

export interface ScoringOptions {
  readonly engine: LiveEngine;
  readonly detector: Detector;
  /** Null: rules alone, said in every assessment. */
  readonly predictor: Predictor | null;
  /** Null: persons alone. */
  readonly subjects?: Subjects | null;
  readonly telemetry: Telemetry;
  /** Places of models that are followed while it runs; left out: they stay as they are. */
  readonly models?: ModelPlaces;
}

/** A catalogue as the scorer runs it. */
export interface Adoption {
  readonly plan: Plan;
  /** Empty, of that catalogue. */
  readonly detector: Detector;
  readonly predictor: Predictor | null;
  readonly subjects?: Subjects | null;
}

/** Engine, detection and model in a row: events in, assessments out; and the question that leaves no trace. */
export class Scoring {
  readonly engine: LiveEngine;
  readonly models: ModelPlaces | null;
  #detector: Detector;
  #predictor: Predictor | null;
  #subjects: Subjects | null;
  #saidOfSubjects: SubjectAssessment[] = [];
  readonly #log;
  readonly #metrics;
  /** The bar as it was said last. */
  #barFen = 0;

  constructor({ engine, detector, predictor, subjects = null, telemetry, models }: ScoringOptions) {
    this.engine = engine;
    this.models = models ?? null;
    this.#detector = detector;
    this.#predictor = predictor;
    this.#subjects = subjects;
    this.#log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
  }

  get detector(): Detector {
    return this.#detector;
  }

  /** A part of a checkpoint, in their order. */
  take(part: ScorerPart): void {
    if (part.kind === 'persons') this.#detector.takePersons(part);
    else this.engine.take(part);
  }

  get subjects(): SubjectDetector | null {
    return this.#subjects?.detector ?? null;
  }

  /** What was said of accounts and numbers since this was asked last. */
  takeSubjects(): readonly SubjectAssessment[] {
    const said = this.#saidOfSubjects;
    this.#saidOfSubjects = [];
    return said;
  }

  /** What detection remembers, for checkpoints. */
  state(): DetectionState {
    const subjects = this.#subjects?.detector.state();
    return { ...this.#detector.state(), ...(subjects === undefined ? {} : { subjects }) };
  }

  /** What a checkpoint has beside its parts. */
  stateBeside(): DetectionState {
    const subjects = this.#subjects?.detector.state();
    return { ...this.#detector.stateBeside(), ...(subjects === undefined ? {} : { subjects }) };
  }

  restore({ subjects, ...persons }: DetectionState): void {
    this.#detector.restore(persons);
    if (subjects !== undefined) this.#subjects?.detector.restore(subjects);
  }

  /** Forgets what nothing can be said of any more. */
  sweep(nowMs: number): void {
    this.#detector.sweep(nowMs);
    this.#subjects?.detector.sweep(nowMs);
  }

  /**
   * Another catalogue, in steps: run through it with other work in between, but never within a fold. What is remembered of
   * persons stays. The model must be one for the inputs of that catalogue; without one rules alone decide.
   */
  *adopt({ plan, detector, predictor, subjects = null }: Adoption): Generator<void> {
    yield* this.engine.adopt(plan);
    const state = this.state();
    [this.#detector, this.#predictor, this.#subjects] = [detector, predictor, subjects];
    this.restore(state);
  }

  /** Erases keys, in steps as well: from the engine, and from what is remembered of persons. */
  *forget(keys: readonly EntityKey[]): Generator<void> {
    yield* this.engine.forget(keys);
    const gone = new Set(keys.flatMap(({ key }) => [key, `p:${key}`]));
    const state = this.#detector.state();
    this.#detector.restore(erased({ ...state, persons: state.persons.filter(([person]) => !gone.has(person)) }, gone));
    this.#subjects?.detector.forget(gone);
  }

  /** Reference data, and of its history which accounts were used on one device: gangs open theirs before the first day. */
  learn(records: readonly Reference[]): void {
    this.engine.learn(records);
    this.#subjects?.detector.learn(records);
  }

  /** Folds events, each of its lane, and says what is new about whom. Order of assessments: that of their causes. */
  async fold(events: readonly StreamEvent[], lanes?: readonly string[]): Promise<Assessment[]> {
    const causes: Cause[] = [];
    for (const { event, outcome, evaluations } of this.engine.ingest(events, lanes)) {
      this.#metrics.events.add(1, { outcome });
      this.#metrics.evaluations.add(evaluations.length);
      if (outcome === 'folded') causes.push({ event, evaluations });
    }
    return this.#judge(causes);
  }

  /** The minute clock. */
  async tick(nowMs: number): Promise<Assessment[]> {
    const evaluations = this.engine.tick(nowMs);
    return evaluations.length === 0 ? [] : this.#judge([{ event: null, evaluations }]);
  }

  /** Accounts and numbers first: what is said of them counts for the person whose payment or call met them, with the same event. */
  async #judge(causes: readonly Cause[]): Promise<Assessment[]> {
    return this.#conclude(this.#detector.observe(await this.#withSubjects(causes)));
  }

  async #withSubjects(causes: readonly Cause[]): Promise<readonly Cause[]> {
    if (this.#subjects === null) return causes;
    const { detector } = this.#subjects;
    const startedMs = performance.now();
    const pendings = detector.observe(causes);
    const [account, number] =
      pendings.length === 0 ? [null, null] : await Promise.all(SUBJECT_KINDS.map((kind) => this.#predictOf(kind, pendings)));
    const { said, causes: woven } = detector.weave(causes, pendings, { account: account ?? null, number: number ?? null });
    for (const { kind, level } of said) this.#metrics.subjects.add(1, { kind, level: level ?? 'none' });
    this.#saidOfSubjects.push(...said);
    this.#metrics.subjectsMs.observe(performance.now() - startedMs);
    return woven;
  }

  async #predictOf(kind: SubjectKind, pendings: readonly SubjectPending[]): Promise<Float32Array | null> {
    const { detector, predictors } = this.#subjects as Subjects;
    const { rows, count } = detector.inputs(pendings, kind);
    if (count === 0) return null;
    try {
      return (await predictors[kind].predict(rows, count))?.probabilities ?? null;
    } catch (error) {
      this.#log.ModelFailed({ kind }, error);
      return null;
    }
  }

  async #conclude(pendings: readonly Pending[]): Promise<Assessment[]> {
    if (pendings.length === 0) return [];
    const made = this.#detector.conclude(pendings, await this.#predict(pendings));
    for (const { level, scoredBy } of made) {
      this.#metrics.assessments.add(1, { level: level ?? 'none' });
      if (scoredBy === 'rules') this.#metrics.fellBack.add();
    }
    this.#sayBar();
    return made;
  }

  #sayBar(): void {
    const { barFen } = this.detector;
    if (barFen === this.#barFen) return;
    const { candidates, floor } = this.detector.bar;
    this.#log.BarMoved({ fromFen: this.#barFen, barFen, candidates, floor });
    this.#metrics.bar.set(barFen);
    this.#barFen = barFen;
  }

  async #predict(pendings: readonly Pending[]): Promise<Predictions> {
    if (this.#predictor === null) return null;
    try {
      return await this.#predictor.predict(this.#detector.inputs(pendings), pendings.length);
    } catch (error) {
      this.#log.ModelFailed({}, error);
      return null;
    }
  }

  /** What would be said if this payment had happened now. Nothing is kept. */
  async peek(event: StreamEvent): Promise<PeekReply> {
    const { event: stamped, evaluations } = this.engine.peek(event);
    const asked = { event: stamped, evaluations };
    const subjects = this.#subjects?.detector;
    const pending = this.#detector.peek(subjects?.marked(asked) ?? asked);
    const peer = stamped['peer'];
    const person = stamped['person'];
    return {
      person: typeof person === 'string' ? person : null,
      assessment: pending === undefined ? null : this.#detector.judge(pending, await this.#predict([pending])),
      payment: {
        newPayee: flag(stamped['np180p']),
        ownOrKin: typeof stamped['rel'] === 'string' ? stamped['rel'] === 'self' || stamped['rel'] === 'kin' : null,
        payeeAccountAgeDays: number(stamped['peer_acct_age_d']),
        payeeLevel: number(stamped['peer_black']),
        payeePaidByVictims: flag(stamped['peer_victim']),
        payeeAssessed: typeof peer === 'string' ? (subjects?.levelOf('account', peer, stamped.t) ?? null) : null,
        drain: number(stamped['drain']),
      },
    };
  }
}

const flag = (value: Value | undefined): boolean | null => (typeof value === 'boolean' ? value : null);
const number = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);
