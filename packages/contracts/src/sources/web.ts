import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  domain: { type: 'id', of: 'domain', origin: 'R', nullable: false, says: 'registrable domain token' },
  cat: {
    type: 'enum',
    values: [
      'phish',
      'invest_fake',
      'loan_fake',
      'task_fake',
      'gov_fake',
      'shop_fake',
      'gamble',
      'crypto_otc',
      'short_link',
      'app_dl',
      'im_web',
      'normal',
    ],
    origin: 'R',
    nullable: true,
    says: 'category',
  },
  submit: { type: 'bool', origin: 'R', nullable: true, says: 'form submitted (POST with >=200 B body)' },
  bytes_up: { type: 'int', unit: 'B', min: 0, max: 1_000_000_000_000, origin: 'R', nullable: true, says: 'bytes up' },
  icp: { type: 'bool', origin: 'R', nullable: true, says: 'ICP filing present, nullable' },
  dom_age_d: {
    type: 'num',
    unit: 'd',
    min: -36_500,
    max: 36_500,
    origin: 'S',
    nullable: true,
    says: 'days since domain registration at t, null if unknown',
  },
  level: { type: 'int', unit: 'level', min: 0, max: 3, origin: 'S', nullable: true, says: 'intel level of domain at t, 0 if none' },
} satisfies Fields;

/** S06 DNS/URL 访问与涉诈域名命中(已过滤). DOMAIN §3 and annex A. */
export const web: SourceEntry = {
  stream: 'web',
  source: 'S06',
  name: { zh: 'DNS/URL 访问与涉诈域名命中(已过滤)', en: 'Risky web visits' },
  timeMeans: 't = resolver/DPI time; only risk-tagged visits are delivered',
  coverageGated: true,
  delay: { p50Ms: 2 * MINUTE_MS, p99Ms: 30 * MINUTE_MS, allowedLatenessMs: 1 * HOUR_MS },
  ego: ['phone', 'device'],
  fields,
  raw: rawShape(fields, ['phone', 'device']),
  normalise: oneEvent('web', 'S06'),
};
