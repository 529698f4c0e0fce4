import { compareEvents, firstAfter, firstBehind, type StreamEvent } from './event.ts';
import { ENTITY_TYPES, type EntityType } from './schema.ts';

const EGO_FIELDS = ['phone', 'acct', 'person', 'device', 'ip', 'domain', 'pkg', 'merchant', 'addr', 'to_addr', 'peer'] as const;
const NONE: readonly StreamEvent[] = [];

/** The key of a pair: an account or phone and its counterparty. U+0000 is in no token. */
export function pairKey(own: string, peer: string): string {
  return `${own}\u0000${peer}`;
}

/** Events of one key, per stream and per alias, each in total order. */
export class EntityEvents {
  readonly #lists = new Map<string, StreamEvent[]>();

  of(stream: string): readonly StreamEvent[] {
    return this.#lists.get(stream) ?? NONE;
  }

  get empty(): boolean {
    return this.#lists.size === 0;
  }

  /** All events of the key in total order. Cost: a sort. */
  all(streams: Iterable<string>): StreamEvent[] {
    return [...streams].flatMap((stream) => this.of(stream)).sort(compareEvents);
  }

  add(name: string, event: StreamEvent): void {
    const list = this.#lists.get(name);
    if (list === undefined) {
      this.#lists.set(name, [event]);
      return;
    }
    const last = list.at(-1);
    if (last === undefined || compareEvents(last, event) < 0) list.push(event);
    else list.splice(firstBehind(list, { tMs: event.t, id: event.id }, true), 0, event);
  }

  /** Takes one event out again, if it is there. */
  remove(name: string, event: StreamEvent): void {
    const list = this.#lists.get(name);
    if (list === undefined) return;
    const index = firstBehind(list, { tMs: event.t, id: event.id }, false);
    if (list[index]?.id !== event.id) return;
    if (list.length === 1) this.#lists.delete(name);
    else list.splice(index, 1);
  }

  /** Drops events with t ≤ `ms`; says whether anything is left. */
  forgetUntil(ms: number): boolean {
    for (const [name, list] of this.#lists) {
      const count = firstAfter(list, ms);
      if (count === list.length) this.#lists.delete(name);
      else if (count > 0) list.splice(0, count);
    }
    return this.#lists.size > 0;
  }
}

const EMPTY = new EntityEvents();

export interface HistoryOptions {
  /** Names that stand for several streams. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Indices to keep; all when absent. Leaving out what no feature asks for saves memory. */
  readonly entityTypes?: readonly EntityType[];
}

/**
 * The set of events, indexed by every key they carry. Order of arrival does not matter; an id already seen is dropped.
 * Memory: one reference per event, index and alias, and the event itself.
 */
export class History {
  readonly #entities = new Map<EntityType, Map<string, EntityEvents>>();
  readonly #ids = new Map<string, number>();
  readonly #namesOf = new Map<string, readonly string[]>();
  readonly #aliases: Readonly<Record<string, readonly string[]>>;
  #streams = new Set<string>();

  constructor({ aliases, entityTypes = ENTITY_TYPES }: HistoryOptions) {
    this.#aliases = aliases;
    for (const type of entityTypes) this.#entities.set(type, new Map());
  }

  /** Events held. */
  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds an event; false when its id was there already, which changes nothing. Cost: one insertion per key and alias. */
  add(event: StreamEvent): boolean {
    if (this.#ids.has(event.id)) return false;
    this.#ids.set(event.id, event.t);
    this.#streams.add(event.stream);
    const names = this.#names(event.stream);
    for (const [type, key] of keysOf(event)) this.#file(type, key, names, event);
    return true;
  }

  /** Takes an event out again: a question was asked as if it had happened. Cost: as adding it. */
  remove(event: StreamEvent): void {
    if (!this.#ids.delete(event.id)) return;
    const names = this.#names(event.stream);
    for (const [type, key] of keysOf(event)) {
      const entity = this.#entities.get(type)?.get(key);
      if (entity === undefined) continue;
      for (const name of names) entity.remove(name, event);
      if (entity.empty) this.#entities.get(type)?.delete(key);
    }
  }

  /** Events of a key; empty when nothing is known of it. */
  entity(type: EntityType, key: string): EntityEvents {
    return this.#entities.get(type)?.get(key) ?? EMPTY;
  }

  /** Every event of a key in total order. */
  events(type: EntityType, key: string): StreamEvent[] {
    return this.entity(type, key).all(this.#streams);
  }

  /** Number of keys in an index. */
  count(type: EntityType): number {
    return this.#entities.get(type)?.size ?? 0;
  }

  /** Drops everything at or before `ms`, ids included: the caller knows that no window reaches there and no duplicate comes from there. */
  forgetBefore(ms: number): void {
    for (const index of this.#entities.values()) {
      for (const [key, entity] of index) if (!entity.forgetUntil(ms)) index.delete(key);
    }
    for (const [id, t] of this.#ids) if (t <= ms) this.#ids.delete(id);
  }

  #names(stream: string): readonly string[] {
    let names = this.#namesOf.get(stream);
    if (names === undefined) {
      names = [stream, ...Object.keys(this.#aliases).filter((alias) => this.#aliases[alias]?.includes(stream) === true)];
      this.#namesOf.set(stream, names);
    }
    return names;
  }

  #file(type: EntityType, key: string, names: readonly string[], event: StreamEvent): void {
    const index = this.#entities.get(type);
    if (index === undefined) return;
    let entity = index.get(key);
    if (entity === undefined) {
      entity = new EntityEvents();
      index.set(key, entity);
    }
    for (const name of names) entity.add(name, event);
  }
}

/** Every index that an event is filed under, with its key. */
function keysOf(event: StreamEvent): (readonly [EntityType, string])[] {
  const keys: [EntityType, string][] = [];
  for (const type of EGO_FIELDS) {
    const key = event[type];
    if (typeof key === 'string') keys.push([type, key]);
  }
  const peer = event['peer'];
  if (typeof peer !== 'string') return keys;
  const acct = event['acct'];
  const phone = event['phone'];
  if (typeof acct === 'string') keys.push(['pair_acct', pairKey(acct, peer)]);
  if (typeof phone === 'string') keys.push(['pair_phone', pairKey(phone, peer)]);
  return keys;
}
