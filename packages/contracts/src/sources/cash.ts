import { AMOUNT_MAX_FEN, type Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: { type: 'enum', values: ['withdraw', 'deposit', 'appoint'], origin: 'R', nullable: false, says: 'appoint = large cash reservation' },
  amt: { type: 'fen', unit: 'fen', min: 0, max: AMOUNT_MAX_FEN, origin: 'R', nullable: false, says: 'amount' },
  chan: { type: 'enum', values: ['atm', 'counter'], origin: 'R', nullable: true, says: 'channel' },
  terminal: { type: 'id', of: 'session', origin: 'R', nullable: true, says: 'terminal/branch' },
  region: { type: 'str', origin: 'R', nullable: true, says: 'terminal adcode' },
  far: { type: 'bool', origin: 'S', nullable: true, says: "terminal prefecture differs from the holder's residence prefecture" },
  bal: {
    type: 'fen',
    unit: 'fen',
    min: -AMOUNT_MAX_FEN,
    max: AMOUNT_MAX_FEN,
    origin: 'R',
    nullable: true,
    says: 'balance after, nullable',
  },
} satisfies Fields;

/** S12 ATM/柜面现金. DOMAIN §3 and annex A. */
export const cash: SourceEntry = {
  stream: 'cash',
  source: 'S12',
  name: { zh: 'ATM/柜面现金', en: 'Cash' },
  timeMeans: 't = posting time',
  coverageGated: false,
  delay: { p50Ms: 10_000, p99Ms: 60 * MINUTE_MS, allowedLatenessMs: 2 * HOUR_MS },
  ego: ['acct', 'person'],
  fields,
  raw: rawShape(fields, ['acct', 'person']),
  normalise: oneEvent('cash', 'S12'),
};
