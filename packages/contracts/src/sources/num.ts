import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['open', 'close', 'suspend', 'resume', 'port', 'owner_change', 'fwd_on', 'fwd_off', 'esim_swap'],
    origin: 'R',
    nullable: false,
    says: 'status change',
  },
  chan: { type: 'enum', values: ['counter', 'online', 'agent', 'unknown'], origin: 'R', nullable: true, says: 'channel' },
  owner: { type: 'id', of: 'person', origin: 'R', nullable: true, says: 'person token of the registered owner' },
} satisfies Fields;

/** S03 号码实名与状态变更. DOMAIN §3 and annex A. */
export const num: SourceEntry = {
  stream: 'num',
  source: 'S03',
  name: { zh: '号码实名与状态变更', en: 'Number ownership and status' },
  timeMeans: 't = effective time at the operator',
  coverageGated: false,
  delay: { p50Ms: 10 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 48 * HOUR_MS },
  ego: ['phone', 'person'],
  fields,
  raw: rawShape(fields, ['phone', 'person']),
  normalise: oneEvent('num', 'S03'),
};
