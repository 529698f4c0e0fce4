import { join } from 'node:path';
import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import type { Reference, StreamEvent } from '@skyeye/contracts';
import { decideHold, limitedCodes, scored, type Cause, type Pending, type Predictions } from '@skyeye/detection';
import { composeScoring, type Scoring } from '@skyeye/scorer';
import { silentTelemetry } from '@skyeye/telemetry';
import { VISITS_A_DAY } from './response.ts';
import { Signals } from './signals.ts';
import { saidOf, type Answer, type Found, type Judgement, type Question, type Said, type Subject } from './subject.ts';

const DAY_MS = 86_400_000;
const POLICIES = loadPolicies();

/** Makes the product's scoring, empty: engine, detection, model, rules and policies as a scorer composes them. */
export async function productMaker(model: string | null, visitsPerDay?: number): Promise<() => Subject> {
  const make = await composeScoring({
    telemetry: silentTelemetry(),
    adapter: 'wasm',
    ...(visitsPerDay === undefined ? {} : { visitsPerDay }),
    ...(model === null ? {} : { model: { folder: join(process.cwd(), model), id: model.split('/').slice(-2).join('/') } }),
  });
  return () => new Product(make(), (visitsPerDay ?? VISITS_A_DAY) / VISITS_A_DAY);
}

class Product implements Subject {
  readonly name = 'product';
  readonly #scoring: Scoring;
  readonly #signals = new Signals(loadCatalogue());
  readonly #judgements: Judgement[] = [];
  readonly #limited = new Set(limitedCodes());
  /** The county against one of 500,000 with as many scams as in life: what is meant for that counts so many times. */
  readonly #size: number;
  #disturbed: { readonly atMs: number; readonly acct: unknown; readonly limited: boolean }[] = [];
  #nowMs = 0;
  #foldMs = 0;
  #othersMs = 0;

  constructor(scoring: Scoring, size: number) {
    this.#scoring = scoring;
    this.#size = size;
    this.#time(scoring);
    // Looks over the detector's shoulder: what went in, and what the model answered.
    const { detector } = scoring;
    const observe = detector.observe.bind(detector);
    const conclude = detector.conclude.bind(detector);
    detector.observe = (causes: readonly Cause[]) => {
      this.#signals.see(causes, this.#nowMs);
      return observe(causes);
    };
    detector.conclude = (pendings: readonly Pending[], predictions: Predictions) => {
      for (const [index, { person, t, rule }] of pendings.entries()) {
        const model = predictions?.probabilities[index];
        const { mixed, score, byModel } = scored(rule.probability, model, POLICIES);
        this.#judgements.push({ person, t, model: byModel ? (model ?? null) : null, rules: rule.probability, mixed, score });
      }
      return conclude(pendings, predictions);
    };
  }

  /** From the first look at a batch's accounts and numbers to what came of it, their models included. */
  #time({ subjects }: Scoring): void {
    if (subjects === null) return;
    let startedMs = 0;
    const observe = subjects.observe.bind(subjects);
    const weave = subjects.weave.bind(subjects);
    subjects.observe = (...given) => {
      startedMs = performance.now();
      return observe(...given);
    };
    subjects.weave = (...given) => {
      const woven = weave(...given);
      this.#othersMs += performance.now() - startedMs;
      return woven;
    };
  }

  othersShare(): number {
    return this.#othersMs / this.#foldMs;
  }

  learn(records: readonly Reference[]): void {
    this.#scoring.learn(records);
  }

  async fold(events: readonly StreamEvent[]): Promise<readonly Said[]> {
    this.#nowMs = Math.max(this.#nowMs, ...events.map(({ it }) => Number(it ?? 0)));
    const startedMs = performance.now();
    const made = await this.#scoring.fold(events);
    this.#foldMs += performance.now() - startedMs;
    return made.flatMap(saidOf);
  }

  async tick(nowMs: number): Promise<readonly Said[]> {
    this.#nowMs = nowMs;
    const startedMs = performance.now();
    const made = await this.#scoring.tick(nowMs);
    this.#foldMs += performance.now() - startedMs;
    return made.flatMap(saidOf);
  }

  async ask({ event, amountFen, payeeKind }: Question): Promise<Answer> {
    const { detector } = this.#scoring;
    const peek = detector.peek.bind(detector);
    let signal = false;
    detector.peek = (cause: Cause) => {
      signal = this.#signals.has(cause.evaluations, cause.event?.['person']);
      return peek(cause);
    };
    const { assessment, payment } = await this.#scoring.peek(event);
    detector.peek = peek;
    const { t: atMs, acct } = event;
    this.#disturbed = this.#disturbed.filter((earlier) => atMs - earlier.atMs < DAY_MS);
    const disturbed = {
      customer: this.#disturbed.filter((earlier) => earlier.acct === acct).length,
      county: Math.floor(this.#disturbed.filter(({ limited }) => limited).length / this.#size),
    };
    const { outcome, reasonCode, insists } = decideHold({ assessment, payment, amountFen, payeeKind, disturbed });
    if (outcome !== 'allow') this.#disturbed.push({ atMs, acct, limited: this.#limited.has(reasonCode) });
    return {
      outcome,
      signal,
      insists,
      said: assessment === null ? null : { level: assessment.level, score: assessment.score },
      alert: assessment === null || assessment.level === 'P4' ? null : (saidOf(assessment)[0] ?? null),
    };
  }

  /** P1 and P2: from there on something is done. */
  found(): readonly Found[] {
    return this.#scoring.takeSubjects().flatMap(({ kind, key, level }) => (level === 'P1' || level === 'P2' ? [{ kind, key }] : []));
  }

  signalMs(person: string): number | undefined {
    return this.#signals.firstMs(person);
  }

  judgements(): readonly Judgement[] {
    return this.#judgements;
  }
}
