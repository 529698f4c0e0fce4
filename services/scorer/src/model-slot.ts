import type { WatchCounts } from '@skyeye/contracts';
import { namedScams } from '@skyeye/detection';
import { SkyeyeError } from '@skyeye/foundation';
import { loadModel, type Adapter, type LoadOptions, type Model } from '@skyeye/model';
import type { Telemetry } from '@skyeye/telemetry';
import type { Predictor } from './scoring.ts';
import { logEvents, metricEntries } from './tables.ts';

export interface ModelSlotOptions {
  readonly adapter: Adapter;
  readonly expects: Required<LoadOptions>['expects'];
  /** Public keys in PEM, one of which must have signed what is offered. */
  readonly keys: readonly string[];
  readonly telemetry: Telemetry;
  /** Its name among the parts of health. Default: `model`. */
  readonly part?: string;
}

/** What is offered: a folder, the `<name>/<version>` that it must hold, and the digest of its content where one was approved. */
export interface Offer {
  readonly folder: string;
  readonly id: string;
  readonly digest?: string;
}

/** Nothing judged yet. */
const NONE: WatchCounts = { agrees: 0, higher: 0, lower: 0, failed: 0, passedOver: 0 };

/**
 * The place of the model that decides, and of one beside it that only watches. What cannot be loaded is refused with its reason in
 * the log, and what was there stays. Without any, rules alone decide, which every assessment says (invariant 5).
 */
export class ModelSlot implements Predictor {
  readonly #options: ModelSlotOptions;
  readonly #log;
  readonly #metrics;
  #champion: Model | null = null;
  #challenger: Model | null = null;
  #isWatching = false;
  #watched: WatchCounts = NONE;
  #refusal = '';

  constructor(options: ModelSlotOptions) {
    this.#options = options;
    this.#log = options.telemetry.log(logEvents);
    this.#metrics = options.telemetry.metrics(metricEntries);
  }

  get version(): string {
    return this.#champion?.id ?? 'none';
  }

  /** `<name>/<version>` of the one that only watches. */
  get watching(): string | null {
    return this.#challenger?.id ?? null;
  }

  /** What the one that watches said beside the champion, since these two stand beside each other. */
  get watched(): WatchCounts {
    return this.#watched;
  }

  /** Code of the last refusal; empty before one. */
  get refusal(): string {
    return this.#refusal;
  }

  /** The champion. False: refused, the one before still decides. */
  async offer(offered: Offer): Promise<boolean> {
    const model = await this.#opened(offered, this.#options.keys);
    const { part = 'model', telemetry } = this.#options;
    const { health } = telemetry;
    if (model === null) {
      health.set(part, 'degraded', this.#champion === null ? 'rules alone decide' : `${offered.id} refused, ${this.version} decides`);
      return false;
    }
    this.#champion?.dispose();
    this.#champion = model;
    this.#watched = NONE;
    health.set(part, 'ok', model.id);
    return true;
  }

  /**
   * Scores everything beside the champion and decides nothing; what it would have said is counted. Null: nobody. It need not be
   * signed: a training that runs by itself has no key, and what watches says nothing to anybody.
   */
  async watch(offered: Offer | null): Promise<boolean> {
    const model = offered === null ? null : await this.#opened(offered);
    if (offered !== null && model === null) return false;
    this.#challenger?.dispose();
    this.#challenger = model;
    this.#watched = NONE;
    return true;
  }

  async predict(rows: Float32Array): ReturnType<Predictor['predict']> {
    const champion = this.#champion;
    if (champion === null) return null;
    const startedMs = performance.now();
    const { probabilities, scams, lossHourFen } = await champion.predict(rows);
    this.#metrics.inferenceMs.observe(performance.now() - startedMs);
    void this.#watchOver(rows, probabilities);
    return {
      probabilities: this.#withoutAbstained(champion, probabilities),
      scams: namedScams(scams, champion.signature.scams),
      ...(lossHourFen === undefined ? {} : { lossHourFen }),
    };
  }

  /**
   * An answer in the abstain band counts as its lower edge, no more than is sure, and is counted. As none at all it would let the
   * score fall where evidence rises into the band.
   */
  #withoutAbstained({ abstain }: Model, probabilities: Float32Array): Float32Array {
    if (abstain === null) return probabilities;
    const isNone = (value: number): boolean => value > abstain.from && value < abstain.to;
    this.#metrics.abstained.add(probabilities.reduce((sum, value) => sum + Number(isNone(value)), 0));
    return probabilities.map((value) => (isNone(value) ? abstain.from : value));
  }

  /** After the champion has answered. A challenger that is still busy is passed over: it costs one batch at a time at most. */
  async #watchOver(rows: Float32Array, champion: Float32Array): Promise<void> {
    const challenger = this.#challenger;
    if (challenger === null) return;
    const count = (outcome: keyof WatchCounts, rows: number): void => {
      this.#metrics.challenger.add(rows, { outcome });
      // Another one may have begun to watch while this one answered.
      if (this.#challenger === challenger) this.#watched = { ...this.#watched, [outcome]: this.#watched[outcome] + rows };
    };
    if (this.#isWatching) {
      count('passedOver', champion.length);
      return;
    }
    this.#isWatching = true;
    try {
      const { probabilities } = await challenger.predict(rows);
      const sums = { agrees: 0, higher: 0, lower: 0 };
      for (const [row, value] of probabilities.entries()) {
        const [own, other] = [value >= 0.5, (champion[row] ?? 0) >= 0.5];
        sums[own === other ? 'agrees' : own ? 'higher' : 'lower']++;
      }
      for (const outcome of ['agrees', 'higher', 'lower'] as const) if (sums[outcome] > 0) count(outcome, sums[outcome]);
    } catch (error) {
      count('failed', champion.length);
      this.#log.ChallengerFailed({ model: challenger.id }, error);
    } finally {
      this.#isWatching = false;
    }
  }

  /** Without keys anybody may have signed it, or nobody. */
  async #opened({ folder, ...named }: Offer, keys?: readonly string[]): Promise<Model | null> {
    const { adapter, expects } = this.#options;
    const { id } = named;
    try {
      return await loadModel(folder, { adapter, expects, ...named, ...(keys === undefined ? {} : { keys }) });
    } catch (error) {
      this.#refusal = error instanceof SkyeyeError ? error.code : 'SCORER_FAILED';
      this.#log.ModelRefused({ model: id, decides: this.version }, error);
      return null;
    }
  }
}
