import { STREAM_ALIASES, type Value } from '@skyeye/contracts';
import { Compiler, Context, entityTypeOf, History, NO_HOLIDAYS, pairKey, staticDimensions, type EntityType } from '@skyeye/language';
import type { Feature } from '../catalogue.ts';
import type { ExampleEntry } from '../entry.ts';
import { errors } from '../errors.ts';
import { languageSchema } from '../language-schema.ts';
import { EXAMPLE_ZERO_MS, offsetMs, readEvents } from './event-text.ts';

/** The key that every example is about, and its counterparty where the key is a pair. */
const KEY = 'K';
const PAIR_PEER = 'P';

/** What an example expects and what the slow evaluator gives. */
export interface ExampleResult {
  readonly expected: Value;
  readonly actual: Value;
  /** Equal, numbers within 1e-9. */
  readonly holds: boolean;
}

/**
 * Runs a worked example. The last event is the current one when the example's time is its time; otherwise the
 * evaluation is a timer's, behind all events.
 * @throws CATALOGUE_EXAMPLE_INVALID
 */
export function runExample(feature: Pick<Feature, 'keyedBy' | 'ast'>, example: ExampleEntry): ExampleResult {
  const entityType = entityTypeOf(feature.keyedBy);
  if (entityType === undefined) throw errors.exampleInvalid({ keyedBy: feature.keyedBy, reason: 'no such kind of key' });
  const isPair = entityType === 'pair_acct';
  const key = isPair ? pairKey(KEY, PAIR_PEER) : KEY;
  const events = readEvents(example.given, isPair ? { acct: KEY, peer: PAIR_PEER } : { [entityType]: KEY });
  const history = new History({ aliases: STREAM_ALIASES });
  for (const event of events) history.add(event as { stream: string; id: string; t: number });
  const dims: [EntityType, string, Readonly<Record<string, Value>>][] = [[entityType, key, example.dims ?? {}]];
  for (const { acct, ...values } of example.others ?? []) dims.push(['acct', acct, values]);
  const uncovered = new Set(example.uncovered);
  const world = {
    history,
    dims: staticDimensions(dims),
    coverage: (_type: EntityType, _key: string, stream: string) => !uncovered.has(stream),
    holidays: NO_HOLIDAYS,
  };
  const tMs = EXAMPLE_ZERO_MS + offsetMs(example.at);
  const last = events.at(-1);
  const current = last?.t === tMs ? (last as { stream: string; id: string; t: number }) : undefined;
  const actual = new Compiler(languageSchema).compile(feature.ast)(new Context(world, entityType, key, current ?? { tMs }));
  const expected = expectedValue(example.gives);
  return { expected, actual, holds: equal(expected, actual) };
}

function expectedValue(gives: Value): Value {
  if (typeof gives !== 'string') return gives;
  return /^\d+y$/.test(gives) ? Number(gives.slice(0, -1)) * 100 : gives;
}

function equal(a: Value, b: Value): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}
