import { languageSchema, loadCatalogue, type Feature } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import {
  compareEvents,
  Context,
  COVERED,
  History,
  valueText,
  type Dimensions,
  type HolidayTable,
  type Value,
  type World,
} from '@skyeye/language';
import { FastEngine } from '../../src/fast/fast-engine.ts';
import { planOf } from '../../src/plan.ts';
import { ENTITY_OF, keyOf } from '../../src/scope.ts';
import { createStamper } from '../../src/stamps.ts';
import { triggeredBy } from './compiled.ts';

export interface ValueRowsOptions {
  readonly engine: 'slow' | 'fast';
  readonly events: readonly StreamEvent[];
  readonly dims: Dimensions;
  readonly stamps: 'given' | 'computed';
  readonly holidays: HolidayTable;
}

/** Rows are handed on in pieces of about this size, so that a large file needs no memory for its table. */
const CHUNK_CHARACTERS = 65_536;
const HEADER = 'event_id\tt\tfeature\tkey_type\tkey\tvalue\tfires\n';

/**
 * The table of values: per event in total order, per feature in catalogue order. Every event of the set is there from
 * the start; what an evaluation sees ends at its as-of point, so this is what a stream would have given.
 */
export function* valueRows({ engine, events, dims, stamps, holidays }: ValueRowsOptions): Generator<string> {
  const stamper = createStamper({ reference: null, holidays, mode: stamps });
  const ordered = events.toSorted(compareEvents).map((event) => stamper.stamp(event));
  yield HEADER;
  yield* chunks(engine === 'fast' ? fastRows(ordered, dims, holidays) : slowRows(ordered, dims, holidays));
}

function* chunks(rows: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of rows) {
    chunk += text;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** By the compiled engine: event after event, as a stream would bring them. */
function* fastRows(ordered: readonly StreamEvent[], dims: Dimensions, holidays: HolidayTable): Generator<string> {
  const { byId } = loadCatalogue();
  const engine = new FastEngine({ plan: planOf(loadCatalogue()), holidays, dims, scope: 'all', stamped: true, reachMs: Infinity });
  for (const event of ordered) {
    const evaluations = engine.ingest([event])[0]?.evaluations ?? [];
    const found = evaluations.flatMap((evaluation) => ({ evaluation, feature: byId.get(evaluation.feature) }));
    found.sort((a, b) => (a.feature?.order ?? 0) - (b.feature?.order ?? 0));
    for (const { evaluation, feature } of found) if (feature !== undefined) yield row(event, feature, evaluation.key, evaluation.value);
  }
}

/** By the definition: every window rescanned. */
function* slowRows(ordered: readonly StreamEvent[], dims: Dimensions, holidays: HolidayTable): Generator<string> {
  const history = new History({ aliases: languageSchema.aliases });
  for (const event of ordered) history.add(event);
  const world: World = { history, dims, coverage: COVERED, holidays };
  for (const event of ordered) {
    const contexts = new Map<string, Context | null>();
    for (const feature of triggeredBy(event)) {
      const context = contextOf(contexts, world, event, feature.keyedBy);
      if (context !== null) yield row(event, feature, context.key, feature.evaluate(context));
    }
  }
}

/** One context per kind of key: features of one key share their selections. */
function contextOf(contexts: Map<string, Context | null>, world: World, event: StreamEvent, keyType: string): Context | null {
  const known = contexts.get(keyType);
  if (known !== undefined) return known;
  const key = keyOf(event, keyType);
  const entityType = ENTITY_OF[keyType];
  const context = key === null || entityType === undefined ? null : new Context(world, entityType, key, event);
  contexts.set(keyType, context);
  return context;
}

function row(event: StreamEvent, feature: Feature, key: string, value: Value): string {
  const fires = value !== null && feature.fire(value);
  return `${event.id}\t${event.t}\t${feature.id}\t${feature.keyedBy}\t${key.replaceAll('\u0000', '|')}\t${valueText(value, feature.valueType)}\t${fires ? 1 : 0}\n`;
}
