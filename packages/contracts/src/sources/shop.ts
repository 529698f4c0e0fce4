import { AMOUNT_MAX_FEN, type Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['order', 'pay', 'refund_req', 'refund_done', 'gold_buy', 'giftcard_buy', 'game_buy', 'offplatform', 'complaint'],
    origin: 'R',
    nullable: false,
    says: 'offplatform = platform detects lure to pay outside',
  },
  amt: { type: 'fen', unit: 'fen', min: 0, max: AMOUNT_MAX_FEN, origin: 'R', nullable: true, says: 'amount, nullable' },
  merchant: { type: 'id', of: 'merchant', origin: 'R', nullable: true, says: 'merchant token' },
  cat: {
    type: 'enum',
    values: ['general', 'game', 'gold', 'giftcard', 'phone', 'travel', 'other'],
    origin: 'R',
    nullable: true,
    says: 'category',
  },
  seller_age_d: { type: 'num', unit: 'd', min: 0, max: 36_500, origin: 'R', nullable: true, says: 'seller age days, nullable' },
} satisfies Fields;

/** S13 商户/电商/退款/贵金属/虚拟商品. DOMAIN §3 and annex A. */
export const shop: SourceEntry = {
  stream: 'shop',
  source: 'S13',
  name: { zh: '商户/电商/退款/贵金属/虚拟商品', en: 'Shops, refunds and gold' },
  timeMeans: 't = platform time',
  coverageGated: false,
  delay: { p50Ms: 10 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 48 * HOUR_MS },
  ego: ['person', 'phone'],
  fields,
  raw: rawShape(fields, ['person', 'phone']),
  normalise: oneEvent('shop', 'S13'),
};
