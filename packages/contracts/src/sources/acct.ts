import { AMOUNT_MAX_FEN, type Fields } from '../field.ts';
import { HOUR_MS, MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: {
    type: 'enum',
    values: [
      'open',
      'close',
      'card_issue',
      'card_reissue',
      'limit_up',
      'limit_down',
      'payee_add',
      'device_bind',
      'phone_change',
      'pwd_reset',
      'login',
      'login_fail',
      'delay_off',
      'nonface_on',
      'freepwd_on',
      'deposit_break',
      'fund_redeem',
      'wake',
    ],
    origin: 'R',
    nullable: false,
    says: 'event',
  },
  bank: { type: 'id', of: 'institution', origin: 'R', nullable: true, says: 'institution' },
  klass: { type: 'enum', values: ['I', 'II', 'III', 'corp', 'pay'], origin: 'R', nullable: true, says: 'account class' },
  agent: { type: 'bool', origin: 'R', nullable: true, says: 'opened by an agent for the holder' },
  amt: {
    type: 'fen',
    unit: 'fen',
    min: 0,
    max: AMOUNT_MAX_FEN,
    origin: 'R',
    nullable: true,
    says: 'amount when ev in {deposit_break,fund_redeem}; nullable',
  },
  ip: { type: 'id', of: 'ip', origin: 'R', nullable: true, says: 'ip token' },
  ip_region: { type: 'str', origin: 'R', nullable: true, says: 'ip region' },
  emu: { type: 'bool', origin: 'R', nullable: true, says: 'emulator/rooted/virtual device' },
  addr: { type: 'id', of: 'addr', origin: 'R', nullable: true, says: 'address token given at opening, nullable' },
  rphone: {
    type: 'id',
    of: 'phone',
    origin: 'R',
    nullable: true,
    says: 'reserved phone token; the ego field phone of acct events is set to it',
  },
  known_dev: { type: 'bool', origin: 'S', nullable: true, says: 'as in bank' },
} satisfies Fields;

/** S11 账户开立/变更/登录. DOMAIN §3 and annex A. */
export const acct: SourceEntry = {
  stream: 'acct',
  source: 'S11',
  name: { zh: '账户开立/变更/登录', en: 'Account changes and logins' },
  timeMeans: 't = core banking time',
  coverageGated: false,
  delay: { p50Ms: 1 * MINUTE_MS, p99Ms: 24 * HOUR_MS, allowedLatenessMs: 24 * HOUR_MS },
  ego: ['acct', 'person', 'phone', 'device'],
  fields,
  raw: rawShape(fields, ['acct', 'person', 'phone', 'device']),
  normalise: oneEvent('acct', 'S11'),
};
