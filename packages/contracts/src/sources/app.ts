import type { Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['download', 'install', 'first_open', 'open', 'uninstall', 'perm'],
    origin: 'R',
    nullable: false,
    says: 'event',
  },
  pkg: { type: 'id', of: 'pkg', origin: 'R', nullable: false, says: 'package + signing cert token' },
  store: { type: 'bool', origin: 'R', nullable: true, says: 'came from an official store' },
  cat: {
    type: 'enum',
    values: [
      'bank',
      'pay',
      'meeting',
      'remote',
      'im_niche',
      'im_main',
      'loan',
      'invest',
      'crypto',
      'gamble',
      'task',
      'shop',
      'vpn',
      'antifraud',
      'other',
    ],
    origin: 'R',
    nullable: true,
    says: 'category',
  },
  perm: {
    type: 'enum',
    values: ['accessibility', 'overlay', 'sms_read', 'call_fwd', 'screen_capture', 'notif_read', 'none'],
    origin: 'R',
    nullable: true,
    says: 'granted permission when ev=perm',
  },
  level: { type: 'int', unit: 'level', min: 0, max: 3, origin: 'S', nullable: true, says: 'intel level of pkg at t, 0 if none' },
  first_inst: {
    type: 'bool',
    origin: 'S',
    nullable: true,
    says: 'no install/first_open/open of the same pkg by this phone in (t-365d, t)',
  },
} satisfies Fields;

/** S05 APP 下载/安装/启动/授权. DOMAIN §3 and annex A. */
export const app: SourceEntry = {
  stream: 'app',
  source: 'S05',
  name: { zh: 'APP 下载/安装/启动/授权', en: 'App installs and permissions' },
  timeMeans: 't = client or DPI time; needs app coverage for the phone',
  coverageGated: true,
  delay: { p50Ms: 5 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 24 * HOUR_MS },
  ego: ['phone', 'device'],
  fields,
  raw: rawShape(fields, ['phone', 'device']),
  normalise: oneEvent('app', 'S05'),
};
