import { z } from 'zod';
import { TIME_MAX_MS, TIME_MIN_MS, valueType } from './field.ts';
import { COMMON_FIELDS, type StreamEvent, type StreamName } from './source.ts';
import { SOURCES } from './sources/index.ts';

const cache = new Map<StreamName, z.ZodType<StreamEvent>>();

/** The strict schema of a normalised event of one stream: R fields required unless nullable, S and D fields optional. */
export function eventSchema(stream: StreamName): z.ZodType<StreamEvent> {
  const known = cache.get(stream);
  if (known !== undefined) return known;
  const shape: Record<string, z.ZodType> = {
    stream: z.literal(stream),
    id: z.string().min(3).max(128),
    t: z.int().min(TIME_MIN_MS).max(TIME_MAX_MS),
  };
  for (const [name, field] of [...Object.entries(COMMON_FIELDS), ...Object.entries(SOURCES[stream].fields)]) {
    shape[name] = field.nullable ? valueType(field).nullable().optional() : valueType(field);
  }
  const schema = z.strictObject(shape) as unknown as z.ZodType<StreamEvent>;
  cache.set(stream, schema);
  return schema;
}

/** `dim.*` of the feature language: attributes of a key, or of the person behind it, valid at the as-of time. */
export const DIMS = {
  age: { type: 'int', unit: 'year' },
  sex: { type: 'enum', values: ['m', 'f'] },
  occ: { type: 'enum', values: ['student', 'retired', 'finance', 'farmer', 'teacher', 'medical', 'biz', 'worker', 'jobless', 'other'] },
  live_alone: { type: 'bool' },
  antifraud_app: { type: 'bool' },
  num_age_d: { type: 'num', unit: 'd' },
  owner_num_cnt: { type: 'int', unit: 'count' },
  iot: { type: 'bool' },
  black: { type: 'int', unit: 'level' },
  acct_age_d: { type: 'num', unit: 'd' },
  acct_class: { type: 'enum', values: ['I', 'II', 'III', 'corp', 'pay'] },
  holder_region_risk: { type: 'int', unit: 'level' },
  dom_age_d: { type: 'num', unit: 'd' },
  merchant_age_d: { type: 'num', unit: 'd' },
  corp: { type: 'bool' },
  full_view: { type: 'bool' },
} as const;
export type DimName = keyof typeof DIMS;

/** Streams that the feature language addresses under one name. */
export const STREAM_ALIASES = { fund: ['bank', 'pay'], tel: ['call', 'sms'] } as const satisfies Record<string, readonly StreamName[]>;
