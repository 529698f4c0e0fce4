import type { Assessment, PeekReply, StreamEvent, Value } from '@skyeye/contracts';
import type { Cause, Detector, Pending, Predictions } from '@skyeye/detection';
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

export interface ScoringOptions {
  readonly engine: LiveEngine;
  readonly detector: Detector;
  /** Null: rules alone, said in every assessment. */
  readonly predictor: Predictor | null;
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
}

/** Engine, detection and model in a row: events in, assessments out; and the question that leaves no trace. */
export class Scoring {
  readonly engine: LiveEngine;
  readonly models: ModelPlaces | null;
  #detector: Detector;
  #predictor: Predictor | null;
  readonly #log;
  readonly #metrics;
  /** The bar as it was said last. */
  #barFen = 0;

  constructor({ engine, detector, predictor, telemetry, models }: ScoringOptions) {
    this.engine = engine;
    this.models = models ?? null;
    this.#detector = detector;
    this.#predictor = predictor;
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

  /**
   * Another catalogue, in steps: run through it with other work in between, but never within a fold. What is remembered of
   * persons stays. The model must be one for the inputs of that catalogue; without one rules alone decide.
   */
  *adopt({ plan, detector, predictor }: Adoption): Generator<void> {
    yield* this.engine.adopt(plan);
    detector.restore(this.#detector.state());
    [this.#detector, this.#predictor] = [detector, predictor];
  }

  /** Erases keys, in steps as well: from the engine, and from what is remembered of persons. */
  *forget(keys: readonly EntityKey[]): Generator<void> {
    yield* this.engine.forget(keys);
    const gone = new Set(keys.flatMap(({ key }) => [key, `p:${key}`]));
    const state = this.#detector.state();
    this.#detector.restore(erased({ ...state, persons: state.persons.filter(([person]) => !gone.has(person)) }, gone));
  }

  /** Folds events, each of its lane, and says what is new about whom. Order of assessments: that of their causes. */
  async fold(events: readonly StreamEvent[], lanes?: readonly string[]): Promise<Assessment[]> {
    const causes: Cause[] = [];
    for (const { event, outcome, evaluations } of this.engine.ingest(events, lanes)) {
      this.#metrics.events.add(1, { outcome });
      this.#metrics.evaluations.add(evaluations.length);
      if (outcome === 'folded') causes.push({ event, evaluations });
    }
    return this.#conclude(this.#detector.observe(causes));
  }

  /** The minute clock. */
  async tick(nowMs: number): Promise<Assessment[]> {
    const evaluations = this.engine.tick(nowMs);
    return evaluations.length === 0 ? [] : this.#conclude(this.#detector.observe([{ event: null, evaluations }]));
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
    const pending = this.#detector.peek({ event: stamped, evaluations });
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
        drain: number(stamped['drain']),
      },
    };
  }
}

const flag = (value: Value | undefined): boolean | null => (typeof value === 'boolean' ? value : null);
const number = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);
