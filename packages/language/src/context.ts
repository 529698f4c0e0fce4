import type { HolidayTable } from './calendar.ts';
import type { AsOf, StreamEvent, Value } from './event.ts';
import type { EntityEvents, History } from './history.ts';
import type { EntityType } from './schema.ts';

/** Attributes by key, in the version valid at a time. */
export interface Dimensions {
  /** null when there is no record. An account's attributes include its holder's. */
  valueAt(entityType: EntityType, key: string, name: string, tMs: number): Value;
}

/** Whether "no event" of a gated stream may be read as "it did not happen" for a key. */
export type Coverage = (entityType: EntityType, key: string, stream: string) => boolean;

/** What does not change from one evaluation to the next. */
export interface World {
  readonly history: History;
  readonly dims: Dimensions;
  readonly coverage: Coverage;
  readonly holidays: HolidayTable;
}

export const COVERED: Coverage = () => true;

/** Attributes that hold at all times: tests and files of attributes. Later entries of one key add to earlier ones. */
export function staticDimensions(
  entries: Iterable<readonly [type: EntityType, key: string, values: Readonly<Record<string, Value>>]>,
): Dimensions {
  const table = new Map<string, Map<string, Value>>();
  for (const [type, key, values] of entries) {
    const id = `${type}\u0000${key}`;
    const known = table.get(id) ?? new Map<string, Value>();
    for (const [name, value] of Object.entries(values)) known.set(name, value);
    table.set(id, known);
  }
  return { valueAt: (type, key, name) => table.get(`${type}\u0000${key}`)?.get(name) ?? null };
}

/**
 * One evaluation: a key at an as-of point. Formulas evaluated with the same context share their selections, so make one
 * context for all features of an event and key, and drop it afterwards.
 */
export class Context implements AsOf {
  readonly world: World;
  readonly entityType: EntityType;
  readonly key: string;
  readonly tMs: number;
  readonly id: string | undefined;
  readonly current: StreamEvent | undefined;
  readonly entity: EntityEvents;
  readonly selected = new Map<object, readonly StreamEvent[] | null>();

  /** @param at the current event, or the time of a timer, which has none and lies behind all events of its millisecond */
  constructor(
    world: World,
    entityType: EntityType,
    key: string,
    at: StreamEvent | { readonly tMs: number; readonly current?: StreamEvent | undefined },
  ) {
    this.world = world;
    this.entityType = entityType;
    this.key = key;
    const current = isEvent(at) ? at : at.current;
    this.current = current;
    this.tMs = isEvent(at) ? at.t : at.tMs;
    this.id = current?.id;
    this.entity = world.history.entity(entityType, key);
  }

  /** The same as-of point and current event seen from another key. */
  of(entityType: EntityType, key: string): Context {
    return new Context(this.world, entityType, key, { tMs: this.tMs, current: this.current });
  }
}

function isEvent(at: object): at is StreamEvent {
  return 't' in at;
}
