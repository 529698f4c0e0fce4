import type { Fields } from '../field.ts';
import { MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';
import { fundFields } from './fund.ts';

const fields = {
  ...fundFields,
  scene: {
    type: 'enum',
    values: ['p2p', 'redpacket', 'qr_personal', 'qr_merchant', 'ecom', 'topup', 'withdraw', 'other'],
    origin: 'R',
    nullable: true,
    says: 'scene',
  },
  merchant: { type: 'id', of: 'merchant', origin: 'R', nullable: true, says: 'merchant token, nullable' },
} satisfies Fields;

/** S10 第三方支付. DOMAIN §3 and annex A. */
export const pay: SourceEntry = {
  stream: 'pay',
  source: 'S10',
  name: { zh: '第三方支付', en: 'Third-party payments' },
  timeMeans: 'see dir',
  coverageGated: false,
  delay: { p50Ms: 5_000, p99Ms: 10 * MINUTE_MS, allowedLatenessMs: 30 * MINUTE_MS },
  ego: ['acct', 'device'],
  fields,
  raw: rawShape(fields, ['acct', 'device']),
  normalise: oneEvent('pay', 'S10'),
};
