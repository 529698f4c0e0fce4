import { languageSchema } from '@skyeye/catalogue';
import type { StreamEvent, Value } from '@skyeye/contracts';
import { Context, needsOf, readingsOf, type ReadEvent, type Reading, type World } from '@skyeye/language';
import type { PlanFeature } from './plan.ts';

/** Events of an explanation that are tried left out; past it only how they were read is said. */
const TRIED_MAX = 200;

/** An as-of point: the event that caused the evaluation, or a time for a minute clock. */
export type AsOfPoint = { readonly event: StreamEvent } | { readonly tMs: number };

export interface ExplainedEvent extends ReadEvent {
  /** The value if this event had not been; undefined where that was not tried. */
  readonly without?: Value;
}

export interface Explanation {
  readonly feature: string;
  readonly keyType: string;
  readonly key: string;
  readonly t: number;
  readonly eventId: string | null;
  /** The value that is explained. */
  readonly value: Value;
  readonly fires: boolean;
  /** Selector by selector; of functions that read without one, the streams they read. */
  readonly readings: readonly (Omit<Reading, 'events'> & { readonly events: readonly ExplainedEvent[] })[];
}

/**
 * Why a feature has its value: by the definition over the events held. `worldOf` gives what the definition reads, an event
 * left out if one is named. Cost: the history of the key, times the events that counted, at most 200 of them.
 */
export function explain(feature: PlanFeature, key: string, at: AsOfPoint, worldOf: (hidden?: string) => World): Explanation {
  const valueIn = (world: World): Value => feature.evaluate(contextIn(world));
  const contextIn = (world: World): Context => new Context(world, feature.entityType, key, 'event' in at ? at.event : at);
  const world = worldOf();
  const value = valueIn(world);
  let tried = 0;
  const without = (event: StreamEvent): { readonly without?: Value } => {
    // The as-of event says what is current; without it there is no such question.
    if (('event' in at && event.id === at.event.id) || tried >= TRIED_MAX) return {};
    tried += 1;
    return { without: valueIn(worldOf(event.id)) };
  };
  const context = contextIn(world);
  const readings = [...readingsOf(feature.formula, context, languageSchema), ...implicitReadings(feature, context)];
  return {
    feature: feature.id,
    keyType: feature.keyType,
    key,
    t: context.tMs,
    eventId: context.id ?? null,
    value,
    fires: value !== null && feature.fires(value),
    readings: readings.map((reading) => ({
      ...reading,
      events: reading.events.toReversed().map((read) => (read.counts ? { ...read, ...without(read.event as StreamEvent) } : read)),
    })),
  };
}

/** Functions over the money graph and over lots name no selector: the events of the key that they may walk from. */
function implicitReadings(feature: PlanFeature, context: Context): Reading[] {
  const { streams, lookbackMs } = needsOf(feature.formula);
  const said = new Set(readingsOf(feature.formula, context, languageSchema).map(({ selector }) => /^\w+/.exec(selector)?.[0] ?? ''));
  return [...streams]
    .filter((stream) => !said.has(stream))
    .map((stream) => ({
      selector: stream,
      window: '',
      entityType: context.entityType,
      key: context.key,
      events: context.entity.of(stream).map((event) => {
        const isInside = event.t > context.tMs - lookbackMs && event.t <= context.tMs;
        return { event, counts: isInside, how: isInside ? 'counted' : event.t > context.tMs ? 'after the as-of point' : 'outside window' };
      }),
    }));
}
