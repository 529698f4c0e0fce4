import type { Fields } from '../field.ts';
import { MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: { type: 'enum', values: ['cell', 'poi_enter', 'poi_leave', 'fence_in', 'fence_out'], origin: 'R', nullable: false, says: 'event' },
  poi: {
    type: 'enum',
    values: ['bank', 'atm', 'hotel', 'gold_shop', 'station', 'home', 'work', 'post', 'other'],
    origin: 'R',
    nullable: true,
    says: 'poi class',
  },
  cell: { type: 'id', of: 'cell', origin: 'R', nullable: true, says: 'cell id' },
  region: { type: 'str', origin: 'R', nullable: true, says: 'adcode' },
  risk_area: { type: 'bool', origin: 'R', nullable: true, says: 'cell belongs to a listed high-risk border area' },
} satisfies Fields;

/** S18 位置/基站/电子围栏. DOMAIN §3 and annex A. */
export const loc: SourceEntry = {
  stream: 'loc',
  source: 'S18',
  name: { zh: '位置/基站/电子围栏', en: 'Location and fences' },
  timeMeans: 't = cell report time; only for phones under an open alert or for fence cells; coverage-gated',
  coverageGated: true,
  delay: { p50Ms: 5_000, p99Ms: 2 * MINUTE_MS, allowedLatenessMs: 10 * MINUTE_MS },
  ego: ['phone'],
  fields,
  raw: rawShape(fields, ['phone']),
  normalise: oneEvent('loc', 'S18'),
};
