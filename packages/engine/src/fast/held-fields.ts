import type { Plan, PlanFeature } from '../plan.ts';
import { needsOf } from '@skyeye/language';
import { shapeOf } from './collect.ts';
import { streamsBehind, type Shape } from './layout.ts';

/**
 * From when on each field of the events has been kept. Rows have the fields that some feature reads, and no others; a
 * feature that comes later and reads more knows that much only from then on, and warms up until its window lies behind it.
 */
export class HeldFields {
  readonly #plan: Plan;
  readonly #since = new Map<string, number>();
  #warming: ReadonlyMap<string, number> = new Map();

  constructor(plan: Plan, shape: Shape) {
    this.#plan = plan;
    for (const name of fieldsOf(shape)) this.#since.set(name, 0);
  }

  /** `<stream>.<field>` → event time, ms; 0: always. */
  get since(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#since);
  }

  /** Events come that carry these fields. Others are missing in them: until when is said by `missingUntil`. */
  from(held: Readonly<Record<string, number>>): void {
    for (const name of this.#since.keys()) this.#since.set(name, held[name] ?? Infinity);
  }

  /** The newest event that comes without the missing fields. */
  missingUntil(newestMs: number): void {
    for (const [name, ms] of this.#since) if (ms === Infinity) this.#since.set(name, newestMs);
    this.#warming = [...this.#since.values()].every((ms) => ms === 0)
      ? new Map()
      : new Map(
          this.#plan.features.flatMap((feature) => {
            const untilMs = this.#untilMs(feature);
            return untilMs > newestMs ? [[feature.id, untilMs] as const] : [];
          }),
        );
  }

  /** Features that do not know all of their window, with the event time from which on they do, ms. Mostly none. */
  get warming(): ReadonlyMap<string, number> {
    return this.#warming;
  }

  #untilMs(feature: PlanFeature): number {
    let sinceMs = 0;
    for (const name of fieldsOf(shapeOf([feature]), feature.reads)) sinceMs = Math.max(sinceMs, this.#since.get(name) ?? 0);
    return sinceMs === 0 ? 0 : sinceMs + needsOf(feature.formula).lookbackMs;
  }
}

function* fieldsOf(shape: Shape, streams: Iterable<string> = shape.streams): Iterable<string> {
  for (const name of streams)
    for (const stream of streamsBehind(name))
      for (const field of shape.layout(stream).columns.keys()) if (field !== 't') yield `${stream}.${field}`;
}
