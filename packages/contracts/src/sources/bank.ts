import type { Fields } from '../field.ts';
import { MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';
import { fundFields } from './fund.ts';

const fields = {
  ...fundFields,
  scene: { type: 'enum', values: ['transfer', 'loan_disb', 'other'], origin: 'R', nullable: true, says: 'scene' },
} satisfies Fields;

/** S09 银行转账. DOMAIN §3 and annex A. */
export const bank: SourceEntry = {
  stream: 'bank',
  source: 'S09',
  name: { zh: '银行转账', en: 'Bank transfers' },
  timeMeans: 'see dir',
  coverageGated: false,
  delay: { p50Ms: 2_000, p99Ms: 5 * MINUTE_MS, allowedLatenessMs: 15 * MINUTE_MS },
  ego: ['acct', 'device'],
  fields,
  raw: rawShape(fields, ['acct', 'device']),
  normalise: oneEvent('bank', 'S09'),
};
