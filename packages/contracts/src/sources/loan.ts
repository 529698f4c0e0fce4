import { AMOUNT_MAX_FEN, type Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: { type: 'enum', values: ['apply', 'approve', 'reject', 'disburse', 'repay', 'cancel'], origin: 'R', nullable: false, says: 'event' },
  lender: { type: 'id', of: 'institution', origin: 'R', nullable: true, says: 'lender' },
  amt: { type: 'fen', unit: 'fen', min: 0, max: AMOUNT_MAX_FEN, origin: 'R', nullable: true, says: 'amount' },
} satisfies Fields;

/** S15 贷款申请/放款. DOMAIN §3 and annex A. */
export const loan: SourceEntry = {
  stream: 'loan',
  source: 'S15',
  name: { zh: '贷款申请/放款', en: 'Loans' },
  timeMeans: 't = lender time',
  coverageGated: false,
  delay: { p50Ms: 10 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 24 * HOUR_MS },
  ego: ['person', 'phone'],
  fields,
  raw: rawShape(fields, ['person', 'phone']),
  normalise: oneEvent('loan', 'S15'),
};
