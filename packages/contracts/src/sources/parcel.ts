import { AMOUNT_MAX_FEN, type Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['send', 'receive', 'errand', 'cod'],
    origin: 'R',
    nullable: false,
    says: 'errand = intracity courier or ride without passenger',
  },
  cat: {
    type: 'enum',
    values: ['doc', 'cash', 'gold', 'phone', 'gift', 'food', 'unknown', 'other'],
    origin: 'R',
    nullable: true,
    says: 'declared or inspected class',
  },
  alone: { type: 'bool', origin: 'R', nullable: true, says: 'goods travel without the passenger' },
  to_addr: { type: 'id', of: 'addr', origin: 'R', nullable: true, says: 'destination address token' },
  to_region: { type: 'str', origin: 'R', nullable: true, says: 'destination adcode' },
  decl: { type: 'fen', unit: 'fen', min: 0, max: AMOUNT_MAX_FEN, origin: 'R', nullable: true, says: 'declared value, nullable' },
} satisfies Fields;

/** S14 寄递/跑腿/网约车送物. DOMAIN §3 and annex A. */
export const parcel: SourceEntry = {
  stream: 'parcel',
  source: 'S14',
  name: { zh: '寄递/跑腿/网约车送物', en: 'Parcels and errands' },
  timeMeans: 't = pick-up or order time',
  coverageGated: false,
  delay: { p50Ms: 15 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 24 * HOUR_MS },
  ego: ['phone', 'person'],
  fields,
  raw: rawShape(fields, ['phone', 'person']),
  normalise: oneEvent('parcel', 'S14'),
};
