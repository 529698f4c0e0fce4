/** What the language must know of the events. The caller maps its own tables to it; nothing here is a fixed list. */
export interface FieldType {
  readonly type: 'id' | 'int' | 'num' | 'bool' | 'enum' | 'ms' | 'str' | 'fen';
  /** Members of an enum. An enum without them takes any word. */
  readonly values?: readonly string[];
  /** Unit of an int or num: `s`, `day`, `year`, `level`, `count`, `ratio` …; `plain` when absent. */
  readonly unit?: string;
}

export interface Schema {
  /** Fields of each stream, the common ones (id, t, phone, …) included. */
  readonly streams: Readonly<Record<string, Readonly<Record<string, FieldType>>>>;
  /** A name for several streams together: fund = bank and pay. It has the fields that all of them have. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Attributes of a key valid at T. */
  readonly dims: Readonly<Record<string, FieldType>>;
  /** Streams where "no event" may mean "not observed": functions over them are null for a key that is not covered. */
  readonly gated: ReadonlySet<string>;
}

/** The streams behind a name, or undefined when there is none. */
export function streamsOf(schema: Schema, name: string): readonly string[] | undefined {
  if (Object.hasOwn(schema.aliases, name)) return schema.aliases[name];
  return Object.hasOwn(schema.streams, name) ? [name] : undefined;
}

/** Every type the field has in the streams; undefined when one of them lacks it. */
export function fieldTypes(schema: Schema, streams: readonly string[], field: string): FieldType[] | undefined {
  const found: FieldType[] = [];
  for (const stream of streams) {
    const fields = schema.streams[stream];
    const type = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (type === undefined) return undefined;
    found.push(type);
  }
  return found;
}

/** Field names that all the streams have. */
export function commonFields(schema: Schema, streams: readonly string[]): string[] {
  const [first, ...rest] = streams.map((stream) => schema.streams[stream] ?? {});
  return Object.keys(first ?? {}).filter((field) => rest.every((fields) => Object.hasOwn(fields, field)));
}

/** Kinds of key a formula can be evaluated for, with the index that answers it. */
export const ENTITY_TYPES = [
  'phone',
  'acct',
  'person',
  'device',
  'ip',
  'domain',
  'pkg',
  'merchant',
  'addr',
  'to_addr',
  'peer',
  'pair_acct',
  'pair_phone',
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];
const SYNONYMS: Readonly<Record<string, EntityType>> = { number: 'phone', app: 'pkg', pair_aa: 'pair_acct' };

/** The index behind an entity type's name: `number` is a phone seen as caller, `app` a package. */
export function entityTypeOf(name: string): EntityType | undefined {
  if (Object.hasOwn(SYNONYMS, name)) return SYNONYMS[name];
  return (ENTITY_TYPES as readonly string[]).includes(name) ? (name as EntityType) : undefined;
}
