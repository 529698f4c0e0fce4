import { languageSchema, type Trigger } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import {
  compareEvents,
  Compiler,
  Context,
  COVERED,
  History,
  type Dimensions,
  type Expression,
  type FireCondition,
  type HolidayTable,
  type Value,
  type World,
} from '@skyeye/language';
import { matches } from '../plan.ts';
import { ENTITY_OF, keyOf } from '../scope.ts';

/** What happened: the events with their stamps, and what is known besides. */
export interface Facts {
  readonly events: readonly StreamEvent[];
  readonly dims: Dimensions;
  readonly holidays: HolidayTable;
}

/** What is evaluated: a formula for one kind of key, at events that trigger it. */
export interface Subject {
  /** Kind of key as the catalogue names it. */
  readonly keyType: string;
  readonly triggers: readonly Trigger[];
  readonly ast: Expression;
  readonly fires: FireCondition;
}

/** One evaluation. */
export interface Point {
  readonly event: StreamEvent;
  readonly key: string;
  readonly value: Value;
  readonly fires: boolean;
  readonly context: Context;
}

/** The world that the facts make: every event is there, and an evaluation sees those up to its as-of point. */
export function worldOf({ events, dims, holidays }: Facts): World {
  const history = new History({ aliases: languageSchema.aliases });
  for (const event of events) history.add(event);
  return { history, dims, coverage: COVERED, holidays };
}

/**
 * Every evaluation of a subject over the facts, in total order, by the slow evaluator: the definition. `key`: for one key only.
 * Cost: the history of each key for each of its events.
 */
export function* pointsOf(subject: Subject, facts: Facts, key?: string, world = worldOf(facts)): Generator<Point> {
  const evaluate = new Compiler(languageSchema).compile(subject.ast);
  const entityType = ENTITY_OF[subject.keyType];
  if (entityType === undefined) return;
  for (const event of facts.events.toSorted(compareEvents)) {
    if (!subject.triggers.some((trigger) => matches(trigger, event))) continue;
    const own = keyOf(event, subject.keyType);
    if (own === null || (key !== undefined && own !== key)) continue;
    const context = new Context(world, entityType, own, event);
    const value = evaluate(context);
    yield { event, key: own, value, fires: value !== null && subject.fires(value), context };
  }
}
