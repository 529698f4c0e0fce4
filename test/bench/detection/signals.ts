import type { Catalogue } from '@skyeye/catalogue';
import type { Cause } from '@skyeye/detection';
import type { Evaluation } from '@skyeye/engine';

/** Groups whose features say what a person is or how much money moves, not what happens to them. */
const BACKGROUND = new Set(['G', 'J', 'N']);

/** Who had a signal, and since when: a feature of weight 3 fired for them. The same for every way of detecting. */
export class Signals {
  readonly #strong: ReadonlySet<string>;
  readonly #first = new Map<string, number>();

  constructor(catalogue: Catalogue) {
    this.#strong = new Set(
      catalogue.features.filter(({ fires, group }) => fires.weight === 3 && !BACKGROUND.has(group)).map(({ id }) => id),
    );
  }

  see(causes: readonly Cause[], nowMs: number): void {
    for (const { evaluations } of causes)
      for (const { feature, fires, person } of evaluations)
        if (fires && person !== null && this.#strong.has(feature) && !this.#first.has(person)) this.#first.set(person, nowMs);
  }

  firstMs(person: string): number | undefined {
    return this.#first.get(person);
  }

  has(evaluations: readonly Evaluation[], person: unknown): boolean {
    return (
      (typeof person === 'string' && this.#first.has(person)) ||
      evaluations.some(({ feature, fires }) => fires && this.#strong.has(feature))
    );
  }
}
