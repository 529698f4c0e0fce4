import type { LEVEL_FACTS, Policies } from '@skyeye/catalogue';
import type { Level } from '@skyeye/contracts';

/** What a level is decided from; `LEVEL_FACTS` says what each means. */
export type LevelFacts = {
  readonly [K in keyof typeof LEVEL_FACTS]: (typeof LEVEL_FACTS)[K] extends { type: 'bool' } ? boolean : number;
};

/** The level of the first row that holds; null below all of them. It rises and falls with the facts; the incident only rises. */
export function levelOf(facts: LevelFacts, { levels }: Pick<Policies, 'levels'>): Level | null {
  return levels.find(({ when }) => when.test(facts) === true)?.level ?? null;
}
