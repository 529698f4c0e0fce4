import { STREAM_ALIASES, type StreamEvent } from '@skyeye/contracts';
import { EntityEvents, History, type EntityType, type World } from '@skyeye/language';
import type { Held } from './held.ts';

/** What the definition reads, out of the rows; one event may be left out. Cost of a question: the history of the keys that it touches. */
export function heldWorld(held: Held, hidden?: string): World {
  return { history: new HeldHistory(held, hidden), dims: held.dims, coverage: held.isCovered, holidays: held.holidays };
}

/** The held rows as the definition wants its events: those of a key are read when it is asked for. */
class HeldHistory extends History {
  readonly #held: Held;
  readonly #hidden: string | undefined;
  readonly #entities = new Map<string, EntityEvents>();

  constructor(held: Held, hidden: string | undefined) {
    super({ aliases: STREAM_ALIASES, entityTypes: [] });
    this.#held = held;
    this.#hidden = hidden;
  }

  override entity(type: EntityType, key: string): EntityEvents {
    const name = `${type} ${key}`;
    let entity = this.#entities.get(name);
    if (entity === undefined) {
      entity = new EntityEvents();
      for (const row of this.#rows(type, key)) this.#file(entity, this.#held.read(row));
      this.#entities.set(name, entity);
    }
    return entity;
  }

  #file(entity: EntityEvents, event: StreamEvent): void {
    if (event.id === this.#hidden) return;
    entity.add(event.stream, event);
    for (const [alias, streams] of Object.entries(STREAM_ALIASES))
      if ((streams as readonly string[]).includes(event.stream)) entity.add(alias, event);
  }

  /** Rows in the lists of a key, each once, in no order. */
  #rows(type: EntityType, key: string): ReadonlySet<number> {
    const { shape, dictionary } = this.#held;
    const slabs = this.#held.slabs();
    const rows = new Set<number>();
    const table = slabs.tables[slabs.typeIndex(type)];
    const [a = -1, b = 0] = key.split('\u0000').map((part) => dictionary.find(part));
    const slot = table === undefined || a < 0 || b < 0 ? -1 : table.find(a, b);
    if (table === undefined || slot < 0) return rows;
    for (const { head } of shape.lists(type)) {
      const place = table.heads[slot * table.stride + head] as number;
      const length = table.heads[slot * table.stride + head + 1] as number;
      for (let index = 0; index < length; index++) rows.add(slabs.refs[place + index] as number);
    }
    return rows;
  }
}
