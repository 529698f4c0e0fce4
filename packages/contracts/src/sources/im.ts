import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['add_friend', 'group_join', 'group_pulled', 'chat_peak', 'video_call', 'live_join', 'transfer_req', 'risk_notice'],
    origin: 'R',
    nullable: false,
    says: 'event',
  },
  peer: { type: 'id', of: 'im', origin: 'R', nullable: true, says: 'peer account token' },
  group: { type: 'id', of: 'im', origin: 'R', nullable: true, says: 'group token, nullable' },
  level: { type: 'int', unit: 'level', min: 0, max: 3, origin: 'R', nullable: true, says: 'platform risk level 0..3' },
  acct_age_d: {
    type: 'num',
    unit: 'd',
    min: 0,
    max: 36_500,
    origin: 'R',
    nullable: true,
    says: 'age of the peer account in days, nullable',
  },
  deepfake: { type: 'bool', origin: 'R', nullable: true, says: 'synthetic face/voice suspected, nullable' },
} satisfies Fields;

/** S07 即时通信/社交风险事件. DOMAIN §3 and annex A. */
export const im: SourceEntry = {
  stream: 'im',
  source: 'S07',
  name: { zh: '即时通信/社交风险事件', en: 'Messenger risk notices' },
  timeMeans: 't = platform time; platforms deliver risk notices, not content',
  coverageGated: true,
  delay: { p50Ms: 30 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 48 * HOUR_MS },
  ego: ['phone', 'person'],
  fields,
  raw: rawShape(fields, ['phone', 'person']),
  normalise: oneEvent('im', 'S07'),
};
