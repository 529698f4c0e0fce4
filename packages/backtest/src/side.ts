import type { Assessment } from '@skyeye/contracts';
import type { Cause, Detector, Pending, Predictions } from '@skyeye/detection';

/** A model behind its port: probabilities of rows in their order. */
export interface Predictor {
  readonly version: string;
  predict(rows: Float32Array): Promise<Predictions>;
}

/** An alert as somebody would have seen it: the first level of a person, and when it first was P1 or P2. */
export interface Alert {
  readonly person: string;
  readonly atMs: number;
  urgentMs: number | null;
}

const MERGE_MS = 72 * 3_600_000;

/** Alerts as people would have seen them, of assessments in order. */
export class Alerts {
  readonly all: Alert[] = [];
  readonly #open = new Map<string, Alert>();

  take({ person, level, ingestedAtMs, t }: Pick<Assessment, 'person' | 'level' | 'ingestedAtMs' | 't'>): void {
    if (level === null || level === 'P4') return;
    const atMs = ingestedAtMs ?? t;
    const known = this.#open.get(person);
    const alert = known !== undefined && atMs - known.atMs < MERGE_MS ? known : { person, atMs, urgentMs: null };
    if (alert !== known) {
      this.#open.set(person, alert);
      this.all.push(alert);
    }
    if (level === 'P1' || level === 'P2') alert.urgentMs ??= atMs;
  }
}

/** A model answers many rows in hardly more time than one. */
const JUDGED_AT_ONCE = 256;

/** One way of judging, replayed: what is live, or what is tried. */
export class Side {
  readonly name: string;
  readonly #alerts = new Alerts();
  readonly #detector: Detector;
  readonly #predictor: Predictor | null;
  #waiting: Pending[] = [];

  constructor(name: string, detector: Detector, predictor: Predictor | null) {
    this.name = name;
    this.#detector = detector;
    this.#predictor = predictor;
  }

  /** The model that it asks; `none`: rules alone. */
  get model(): string {
    return this.#predictor?.version ?? 'none';
  }

  get alerts(): readonly Alert[] {
    return this.#alerts.all;
  }

  /** Folds causes; judges them when enough people wait to be judged. What is said does not depend on when. */
  async see(causes: readonly Cause[]): Promise<void> {
    this.#waiting.push(...this.#detector.observe(causes));
    if (this.#waiting.length >= JUDGED_AT_ONCE) await this.settle();
  }

  /** Judges those who wait. Call it at the end. */
  async settle(): Promise<void> {
    const pendings = this.#waiting;
    this.#waiting = [];
    if (pendings.length === 0) return;
    for (const made of this.#detector.conclude(pendings, await this.#predict(pendings))) this.#alerts.take(made);
  }

  #predict(pendings: readonly Pending[]): Promise<Predictions> {
    return this.#predictor === null ? Promise.resolve(null) : this.#predictor.predict(this.#detector.inputs(pendings));
  }
}
