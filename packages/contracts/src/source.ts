import { z } from 'zod';
import { TIME_MAX_MS, TIME_MIN_MS, valueType, type Field, type Fields, type Value } from './field.ts';

export const STREAM_NAMES = [
  'call',
  'callsig',
  'sms',
  'num',
  'goip',
  'app',
  'web',
  'im',
  'rctl',
  'bank',
  'pay',
  'acct',
  'cash',
  'shop',
  'parcel',
  'loan',
  'intel',
  'popev',
  'loc',
] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

/** References of an event to the entities it belongs to. */
export const EGO_FIELDS = ['phone', 'acct', 'person', 'device'] as const;
export type EgoField = (typeof EGO_FIELDS)[number];

/**
 * A normalised event: `stream`, `id`, event time `t` (county time, epoch ms), ingest time `it`, ego references and the
 * fields of its stream. Before ingest the identifiers are clear, after it they are tokens.
 */
export interface StreamEvent {
  readonly stream: StreamName;
  readonly id: string;
  readonly t: number;
  readonly [field: string]: Value | undefined;
}

/** A raw record of a provider after validation. */
export type RawRecord = Readonly<Record<string, Value | undefined>> & { readonly id: string; readonly t: number };

/** One of the 19 streams: everything that a part of the product needs to know about it. */
export interface SourceEntry {
  readonly stream: StreamName;
  /** Source kind S01 to S18, DOMAIN §3. */
  readonly source: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly timeMeans: string;
  /** No event may mean "not observed": functions give null for a key that is not covered. */
  readonly coverageGated: boolean;
  /** Planning delays of the provider, and how late an event may be and still cause a new evaluation. */
  readonly delay: { readonly p50Ms: number; readonly p99Ms: number; readonly allowedLatenessMs: number };
  /** Ego references that a raw record may carry; at least one must be there. */
  readonly ego: readonly EgoField[];
  readonly fields: Fields;
  /** Shape of a record on `raw.<stream>`. */
  readonly raw: z.ZodType<RawRecord>;
  /** The ego events of one record: one for most sources, both sides of a call. Identifiers still clear. */
  readonly normalise: (record: RawRecord) => readonly StreamEvent[];
}

const fieldOf = (origin: Field['origin'], of: 'phone' | 'acct' | 'person' | 'device', says: string): Field => ({
  type: 'id',
  of,
  origin,
  nullable: true,
  says,
});

/** Fields on every event beside `stream`, `id`, `t`. */
export const COMMON_FIELDS: Fields = {
  it: {
    type: 'ms',
    unit: 'ms',
    min: 0,
    max: TIME_MAX_MS,
    origin: 'R',
    nullable: true,
    says: 'ingest time at the county engine; never used by features',
  },
  phone: fieldOf('S', 'phone', 'ego phone the event belongs to'),
  acct: fieldOf('S', 'acct', 'ego account'),
  person: fieldOf('S', 'person', "ego person by the link valid at t; 'p:' + phone where the phone has no link"),
  device: fieldOf('R', 'device', 'device (IMEI or app fingerprint)'),
  hod: { type: 'int', unit: 'hour', min: 0, max: 23, origin: 'D', nullable: true, says: 'hour of day of t in Asia/Shanghai' },
  wday: { type: 'bool', origin: 'D', nullable: true, says: 'the local day of t is a working day' },
};

export const recordId = z.string().regex(/^[\x21-\x7e]{1,96}$/, 'a record id has 1 to 96 printable ASCII characters');
export const recordTime = z.int().min(TIME_MIN_MS, 'before 2015').max(TIME_MAX_MS, 'after 2099');

/** The raw shape of a source whose records are ego events already: id, t, ego references and the R fields. */
export function rawShape(fields: Fields, ego: readonly EgoField[], leftOut: readonly string[] = []): z.ZodType<RawRecord> {
  const shape: Record<string, z.ZodType> = { id: recordId, t: recordTime };
  for (const name of ego) {
    const common = COMMON_FIELDS[name];
    if (common !== undefined) shape[name] = valueType(common).nullable().optional();
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.origin !== 'R' || leftOut.includes(name)) continue;
    shape[name] = field.nullable ? valueType(field).nullable().optional() : valueType(field);
  }
  const owners = ego.filter((name) => name !== 'device' || ego.length === 1);
  return z.strictObject(shape).refine((record) => owners.some((name) => typeof record[name] === 'string'), {
    message: `one of ${owners.join(', ')} must be given`,
  }) as unknown as z.ZodType<RawRecord>;
}

/** The one event of a record that is an ego event already. */
export function oneEvent(stream: StreamName, source: string): (record: RawRecord) => readonly StreamEvent[] {
  return (record) => [{ ...record, stream, id: `${source}:${record.id}` }];
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
