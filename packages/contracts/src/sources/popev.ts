import type { Fields } from '../field.ts';
import { HOUR_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['move_in', 'move_out', 'bereave', 'divorce', 'retire', 'unemployed', 'visit'],
    origin: 'R',
    nullable: false,
    says: 'event',
  },
} satisfies Fields;

/** S17 人口/网格登记变更. DOMAIN §3 and annex A. */
export const popev: SourceEntry = {
  stream: 'popev',
  source: 'S17',
  name: { zh: '人口/网格登记变更', en: 'Population register' },
  timeMeans: 't = registration time; attributes are read as dim.* at T',
  coverageGated: false,
  delay: { p50Ms: 24 * HOUR_MS, p99Ms: 168 * HOUR_MS, allowedLatenessMs: 168 * HOUR_MS },
  ego: ['person'],
  fields,
  raw: rawShape(fields, ['person']),
  normalise: oneEvent('popev', 'S17'),
};
