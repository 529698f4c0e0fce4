import { languageSchema } from '@skyeye/catalogue';
import { STREAM_ALIASES } from '@skyeye/contracts';
import { assert } from '@skyeye/foundation';
import { strideOf } from './entity-table.ts';
import { withoutPositions, type EntityType, type Filter } from '@skyeye/language';

/** How a field lies in a row: a number (NaN: not known), a dictionary code (−1: not known), 0 / 1 (−1: not known). */
export type CellKind = 'number' | 'code' | 'bool';

export interface Column {
  readonly name: string;
  readonly kind: CellKind;
  /** Numbers: offset in 8-byte units from the row. Others: offset in 4-byte units from twice the row. */
  at: number;
}

/** Bytes 0–7 time, 8–11 number of the event, 12–15 stream; then the predicate words. */
export const HEAD_UNITS = 2;

/** The rows of a stream, or of streams that one name stands for. Only fields that something reads have a column. */
export class Layout {
  readonly index: number;
  readonly streams: readonly string[];
  readonly columns = new Map<string, Column>();
  /** Filters that depend on nothing but the event: one bit each, computed when it is folded. */
  readonly filters = new Map<string, { readonly filter: Filter; readonly bit: number }>();
  /** Size of a row in 8-byte units, once sealed. */
  units = 0;

  constructor(index: number, streams: readonly string[]) {
    this.index = index;
    this.streams = streams;
  }

  has(field: string): boolean {
    return this.streams.some((stream) => languageSchema.streams[stream]?.[field] !== undefined);
  }

  /** Makes room for a field; false when no stream of the layout has it. */
  need(field: string): boolean {
    if (this.columns.has(field)) return true;
    const types = this.streams.flatMap((stream) => languageSchema.streams[stream]?.[field]?.type ?? []);
    const [type] = types;
    if (type === undefined) return false;
    const kind = type === 'bool' ? 'bool' : type === 'id' || type === 'str' || type === 'enum' ? 'code' : 'number';
    this.columns.set(field, { name: field, kind, at: 0 });
    return true;
  }

  bit(filter: Filter): number {
    const key = JSON.stringify(withoutPositions(filter));
    const known = this.filters.get(key);
    if (known !== undefined) return known.bit;
    const bit = this.filters.size;
    this.filters.set(key, { filter, bit });
    return bit;
  }

  /** The bit of a filter, −1 when nothing asked for it. */
  findBit(filter: Filter): number {
    return this.filters.get(JSON.stringify(withoutPositions(filter)))?.bit ?? -1;
  }

  get words(): number {
    return Math.ceil(this.filters.size / 32);
  }

  /** Fixes the places of all columns. Nothing may be needed afterwards that is not there yet. */
  seal(): void {
    let words = HEAD_UNITS * 2 + this.words;
    // The time is the first thing in every row.
    const columns = [...this.columns.values()].filter(({ name }) => name !== 't');
    for (const column of columns) if (column.kind !== 'number') column.at = words++;
    let units = Math.ceil(words / 2);
    for (const column of columns) if (column.kind === 'number') column.at = units++;
    this.units = units;
  }
}

/** One ordered list of events per key: of a stream or of an alias. */
export interface ListSpec {
  readonly entityType: EntityType;
  /** Stream or alias. */
  readonly name: string;
  /** Place of its header in the record of a key. */
  readonly head: number;
}

const EGO_FIELDS: Readonly<Partial<Record<EntityType, readonly string[]>>> = { pair_acct: ['acct', 'peer'], pair_phone: ['phone', 'peer'] };

/** The fields whose values are the key of a kind. */
export const keyFieldsOf = (type: EntityType): readonly string[] => EGO_FIELDS[type] ?? [type];

/** Streams behind a name. */
export const streamsBehind = (name: string): readonly string[] =>
  (STREAM_ALIASES as Readonly<Record<string, readonly string[]>>)[name] ?? [name];

/** What is kept of the events: layouts of rows and lists of keys, collected from the formulas. */
export class Shape {
  readonly streams: readonly string[] = Object.keys(languageSchema.streams);
  readonly layouts: Layout[] = [];
  readonly #layoutOf = new Map<string, Layout>();
  readonly #lists = new Map<EntityType, Map<string, ListSpec>>();
  readonly #reads = new Set<string>();

  /** @param aliases names for several streams that some formula uses: their streams share a layout */
  constructor(aliases: ReadonlySet<string>) {
    const groups = new Map(this.streams.map((stream) => [stream, new Set([stream])]));
    for (const alias of aliases) {
      const joined = new Set(streamsBehind(alias).flatMap((stream) => [...(groups.get(stream) ?? [])]));
      for (const stream of joined) groups.set(stream, joined);
    }
    for (const group of new Set(groups.values())) {
      const layout = new Layout(this.layouts.length, [...group]);
      this.layouts.push(layout);
      for (const stream of group) this.#layoutOf.set(stream, layout);
    }
    for (const alias of aliases) this.#layoutOf.set(alias, this.layout(streamsBehind(alias)[0] ?? ''));
  }

  layout(name: string): Layout {
    const layout = this.#layoutOf.get(name);
    assert(layout !== undefined, `no layout for ${name}`);
    return layout;
  }

  list(entityType: EntityType, name: string): ListSpec {
    let lists = this.#lists.get(entityType);
    if (lists === undefined) {
      this.#lists.set(entityType, (lists = new Map<string, ListSpec>()));
      this.entityTypes.push(entityType);
    }
    let spec = lists.get(name);
    if (spec === undefined) lists.set(name, (spec = { entityType, name, head: strideOf(lists.size) }));
    return spec;
  }

  /** A list in which the stream's events stand, its own or an alias's. */
  listWith(entityType: EntityType, stream: string): ListSpec {
    for (const spec of this.#lists.get(entityType)?.values() ?? []) if (streamsBehind(spec.name).includes(stream)) return spec;
    return this.list(entityType, stream);
  }

  /** Some feature of the kind of key reads the stream, maybe of other keys. */
  read(entityType: EntityType, stream: string): void {
    this.#reads.add(`${entityType} ${stream}`);
  }

  isRead(entityType: EntityType, stream: string): boolean {
    return this.#reads.has(`${entityType} ${stream}`);
  }

  /** Kinds of key that have lists, in the order of their first need. */
  readonly entityTypes: EntityType[] = [];

  /** Words of the record of a key. */
  stride(entityType: EntityType): number {
    return strideOf(this.lists(entityType).length);
  }

  lists(entityType: EntityType): readonly ListSpec[] {
    return [...(this.#lists.get(entityType)?.values() ?? [])];
  }
}
