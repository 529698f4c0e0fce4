import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  dir: { type: 'enum', values: ['in', 'out'], origin: 'R', nullable: false, says: 'direction' },
  peer: { type: 'id', of: 'phone', origin: 'R', nullable: false, says: 'number or port' },
  port: {
    type: 'enum',
    values: ['p2p', 'a2p', 'intl', 'pseudo'],
    origin: 'R',
    nullable: false,
    says: 'p2p mobile / application port 106,955xx / international / pseudo base station',
  },
  cls: {
    type: 'enum',
    values: ['otp', 'bank_notice', 'marketing', 'loan_ad', 'gov', 'logistics', 'phish', 'gamble', 'invest', 'job', 'warn12381', 'other'],
    origin: 'R',
    nullable: true,
    says: 'template class from the provincial filter',
  },
  has_url: { type: 'bool', origin: 'R', nullable: false, says: 'contains url' },
  domain: { type: 'id', of: 'domain', origin: 'R', nullable: true, says: 'url domain token, null if none' },
  np180: { type: 'bool', origin: 'S', nullable: true, says: 'as in call' },
  url_level: {
    type: 'int',
    unit: 'level',
    min: 0,
    max: 3,
    origin: 'S',
    nullable: true,
    says: 'intel level of domain at t, 0 if none, null if no url',
  },
  rel: { type: 'enum', values: ['self', 'kin', 'none', 'unknown'], origin: 'S', nullable: true, says: 'as in call' },
  stranger: { type: 'bool', origin: 'D', nullable: true, says: 'as in call' },
  peer_black: { type: 'int', unit: 'level', min: 0, max: 3, origin: 'S', nullable: true, says: 'as in call' },
} satisfies Fields;

/** S02 短信话单. DOMAIN §3 and annex A. */
export const sms: SourceEntry = {
  stream: 'sms',
  source: 'S02',
  name: { zh: '短信话单', en: 'SMS records' },
  timeMeans: 't = delivery (in) or submit (out) time; no message text is stored, only class and url token',
  coverageGated: false,
  delay: { p50Ms: 1 * MINUTE_MS, p99Ms: 30 * MINUTE_MS, allowedLatenessMs: 1 * HOUR_MS },
  ego: ['phone'],
  fields,
  raw: rawShape(fields, ['phone']),
  normalise: oneEvent('sms', 'S02'),
};
