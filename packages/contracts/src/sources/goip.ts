import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: { type: 'enum', values: ['goip', 'simpool', 'voip'], origin: 'R', nullable: false, says: 'kind' },
  conf: { type: 'num', unit: 'probability', min: 0, max: 1, origin: 'R', nullable: true, says: 'confidence 0..1' },
  cell: { type: 'id', of: 'cell', origin: 'R', nullable: true, says: 'cell' },
  sn: { type: 'id', of: 'session', origin: 'R', nullable: true, says: 'device serial, nullable' },
} satisfies Fields;

/** S04 GOIP/猫池/VOIP 落地检测. DOMAIN §3 and annex A. */
export const goip: SourceEntry = {
  stream: 'goip',
  source: 'S04',
  name: { zh: 'GOIP/猫池/VOIP 落地检测', en: 'GOIP and SIM pools' },
  timeMeans: "t = end of the operator's detection slot (usually 5-60 min behind)",
  coverageGated: false,
  delay: { p50Ms: 30 * MINUTE_MS, p99Ms: 4 * HOUR_MS, allowedLatenessMs: 6 * HOUR_MS },
  ego: ['phone'],
  fields,
  raw: rawShape(fields, ['phone']),
  normalise: oneEvent('goip', 'S04'),
};
