import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  domain: { type: 'id', of: 'domain', origin: 'R', nullable: true, says: 'the domain the record is about' },
  pkg: { type: 'id', of: 'pkg', origin: 'R', nullable: true, says: 'the app the record is about' },
  ev: {
    type: 'enum',
    values: ['black', 'unblack', 'case_report', 'victim_report', 'warn', 'dissuade', 'freeze', 'unfreeze', 'leak', 'prov_push'],
    origin: 'R',
    nullable: false,
    says: 'event',
  },
  level: {
    type: 'int',
    unit: 'level',
    min: 0,
    max: 3,
    origin: 'R',
    nullable: true,
    says: '1 suspicious, 2 confirmed by police, 3 case evidence',
  },
  role: {
    type: 'enum',
    values: ['victim', 'suspect', 'mule', 'object'],
    origin: 'R',
    nullable: true,
    says: 'role of the ego in the record',
  },
  result: {
    type: 'enum',
    values: ['none', 'success', 'refused', 'unreached', 'false_alarm', 'lost'],
    origin: 'R',
    nullable: true,
    says: 'dissuasion result',
  },
  scam: { type: 'str', origin: 'R', nullable: true, says: 'scam type code' },
} satisfies Fields;

/** S16 黑名单/案件情报/预警劝阻历史. DOMAIN §3 and annex A. */
export const intel: SourceEntry = {
  stream: 'intel',
  source: 'S16',
  name: { zh: '黑名单/案件情报/预警劝阻历史', en: 'Intelligence and blacklists' },
  timeMeans: 't = validity start; obj is matched to the ego entity',
  coverageGated: false,
  delay: { p50Ms: 1 * MINUTE_MS, p99Ms: 60 * MINUTE_MS, allowedLatenessMs: 2 * HOUR_MS },
  ego: ['phone', 'acct', 'person', 'device'],
  fields,
  raw: rawShape(fields, ['phone', 'acct', 'person', 'device']),
  normalise: oneEvent('intel', 'S16'),
};
