import { z } from 'zod';

/** A value of a field of an event, in the feature language. Money is integer fen, times are epoch ms. */
export type Value = string | number | boolean | null;

/** What an identifier names. Kinds marked personal are replaced by tokens before anything leaves ingest. */
export const ID_KINDS = {
  phone: { personal: true, prefix: 'n' },
  acct: { personal: true, prefix: 'a' },
  person: { personal: true, prefix: 'p' },
  device: { personal: true, prefix: 'd' },
  ip: { personal: true, prefix: 'i' },
  addr: { personal: true, prefix: 'h' },
  im: { personal: true, prefix: 'm' },
  domain: { personal: false, prefix: '' },
  pkg: { personal: false, prefix: '' },
  merchant: { personal: false, prefix: '' },
  institution: { personal: false, prefix: '' },
  cell: { personal: false, prefix: '' },
  session: { personal: false, prefix: '' },
  event: { personal: false, prefix: '' },
} as const;

export type IdKind = keyof typeof ID_KINDS;

/** R: raw from the source. S: stamped from state and reference data at event time. D: derived from the same event. */
export type Origin = 'R' | 'S' | 'D';

interface FieldBase {
  readonly origin: Origin;
  readonly nullable: boolean;
  readonly says: string;
}

/** One field of a stream: its type, unit, range and origin. */
export type Field = FieldBase &
  (
    | { readonly type: 'id'; readonly of: IdKind }
    | { readonly type: 'enum'; readonly values: readonly string[] }
    | { readonly type: 'bool' }
    | { readonly type: 'str' }
    | { readonly type: 'int' | 'num' | 'ms' | 'fen'; readonly unit: string; readonly min: number; readonly max: number }
  );

export type Fields = Readonly<Record<string, Field>>;

/** The years in which an event may lie: 2015-01-01 to 2099-12-31 UTC. Outside it is a clock fault, not an event. */
export const TIME_MIN_MS = Date.UTC(2015, 0, 1);
export const TIME_MAX_MS = Date.UTC(2099, 11, 31);

/** Ten billion yuan in fen: more than one transfer of anybody. */
export const AMOUNT_MAX_FEN = 1_000_000_000_000;

export const ID_PATTERN = /^[^\u0000-\u001f\u007f]{1,128}$/u;

/** The zod type of one field's value, without null. */
export function valueType(field: Field): z.ZodType<Exclude<Value, null>> {
  switch (field.type) {
    case 'id':
      return z.string().regex(ID_PATTERN, 'an identifier has 1 to 128 characters and no control characters');
    case 'str':
      return z.string().max(200);
    case 'enum':
      return z.enum(field.values as readonly [string, ...string[]]);
    case 'bool':
      return z.boolean();
    case 'num':
      return z.number().min(field.min).max(field.max);
    case 'int':
    case 'ms':
    case 'fen':
      return z.int().min(field.min).max(field.max);
  }
}
