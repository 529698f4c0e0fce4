import type { Fields } from '../field.ts';
import { MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: ['share_start', 'share_stop', 'remote_start', 'remote_stop', 'share_detected', 'acc_on', 'acc_off'],
    origin: 'R',
    nullable: false,
    says: 'share_detected = bank SDK sees screen capture/sharing while its page is in front',
  },
  sid: { type: 'id', of: 'session', origin: 'R', nullable: true, says: 'session id' },
  tool: { type: 'id', of: 'pkg', origin: 'R', nullable: true, says: 'tool package' },
  peer_region: { type: 'str', origin: 'R', nullable: true, says: "controller ip region, 'overseas' possible, nullable" },
  in_bank: { type: 'bool', origin: 'R', nullable: true, says: 'bank/pay app in foreground' },
  first_tool: { type: 'bool', origin: 'S', nullable: true, says: 'no earlier session with this tool in (t-365d, t)' },
} satisfies Fields;

/** S08 远程控制/屏幕共享/无障碍. DOMAIN §3 and annex A. */
export const rctl: SourceEntry = {
  stream: 'rctl',
  source: 'S08',
  name: { zh: '远程控制/屏幕共享/无障碍', en: 'Remote control and screen sharing' },
  timeMeans: 't = client time; from bank/pay SDK, anti-fraud app or DPI; coverage-gated',
  coverageGated: true,
  delay: { p50Ms: 3_000, p99Ms: 10 * MINUTE_MS, allowedLatenessMs: 30 * MINUTE_MS },
  ego: ['phone', 'device'],
  fields,
  raw: rawShape(fields, ['phone', 'device']),
  normalise: oneEvent('rctl', 'S08'),
};
