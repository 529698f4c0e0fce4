import type { Action, EvidenceItem, Incident, IncidentDetail } from '@skyeye/contracts';

const MINUTE = 60_000;

const item = (
  eventId: string,
  stream: EvidenceItem['stream'],
  t: number,
  zh: string,
  en: string,
  more: Partial<EvidenceItem> = {},
): EvidenceItem => ({
  eventId,
  stream,
  t,
  delayMs: 2_000,
  startMs: null,
  says: { zh, en },
  peer: null,
  amountFen: null,
  facts: {},
  ...more,
});

/** The evening of a fake customer service: call, sharing, codes, own accounts emptied into one, the payment that was fused. */
export function fixtureEvidence(nowMs: number): EvidenceItem[] {
  const at = (minutes: number): number => nowMs - minutes * MINUTE;
  return [
    item('e01', 'call', at(34), '陌生固话 6 分钟', 'Unknown landline, 6 min', {
      startMs: at(40),
      delayMs: 6 * MINUTE,
      peer: 'n_0635812',
      facts: { dir: 'in' },
    }),
    item('e02', 'callsig', at(31), '陌生固话 0635****812', 'Unknown landline 0635****812', {
      peer: 'n_0635812',
      facts: { ev: 'begin', dir: 'in' },
    }),
    item('e03', 'callsig', at(14.5), '儿子来电未接', 'Call from the son, not taken', {
      peer: 'n_kin',
      facts: { dir: 'in', cls: 'missed' },
    }),
    item('e04', 'callsig', at(10.2), '儿子来电未接', 'Call from the son, not taken', {
      peer: 'n_kin',
      facts: { dir: 'in', cls: 'missed' },
    }),
    item('e05', 'app', at(20.5), '首次安装会议软件', 'Meeting app installed for the first time', {
      delayMs: 11 * MINUTE,
      facts: { ev: 'install', cat: 'meeting' },
    }),
    item('e06', 'rctl', at(12), '会议软件共享屏幕', 'Meeting app shares the screen', { facts: { ev: 'share_start' } }),
    item('e07', 'sms', at(7.4), '银行验证码', 'Bank code', { facts: { cls: 'otp' } }),
    item('e08', 'sms', at(6.9), '银行验证码', 'Bank code', { facts: { cls: 'otp' } }),
    item('e09', 'sms', at(6.2), '银行验证码', 'Bank code', { facts: { cls: 'otp' } }),
    item('e10', 'web', at(24), '点击退款短链接', 'Opened a refund short link', { facts: { cat: 'short_link' } }),
    item('e11', 'acct', at(8), '陌生设备登录网银', 'Login from an unknown device', { facts: { ev: 'login' } }),
    item('e12', 'acct', at(0.8), '新增收款人', 'New payee', { facts: { ev: 'payee_add' } }),
    item('e13', 'bank', at(6.4), '本人账户归集', 'From own account', {
      amountFen: 8_600_000,
      peer: 'a_own2',
      facts: { dir: 'in', rel: 'self' },
    }),
    item('e14', 'bank', at(5.1), '本人账户归集', 'From own account', {
      amountFen: 5_000_000,
      peer: 'a_own3',
      facts: { dir: 'in', rel: 'self' },
    }),
    item('e15', 'bank', at(0.5), '向新收款人转账', 'Transfer to the new payee', {
      amountFen: 4_980_000,
      peer: 'a_9f31c0093',
      facts: { dir: 'out', rel: 'none', np: true },
    }),
  ];
}

export function fixtureActions(row: Incident, nowMs: number): Action[] {
  const say = (seq: number, kind: Action['kind'], secondsAgo: number, by: string, zh: string, en: string): Action => ({
    seq,
    incidentId: row.id,
    kind,
    atMs: nowMs - secondsAgo * 1000,
    by,
    says: { zh, en },
    facts: {},
  });
  return [
    say(901, 'created', 226, 'dispatcher', '预警生成 P1', 'Alert created, P1'),
    say(902, 'signed', 158, 'analyst', '李* 签收', 'Li signed'),
    say(903, 'called', 130, 'analyst', '拨打 占线', 'Called, busy'),
    say(904, 'task_sent', 128, 'dispatcher', '派人和所', 'Sent to Renhe'),
    say(905, 'task_accepted', 100, 'station', '人和所接单', 'Renhe accepted'),
    say(906, 'hold_placed', 72, 'bank', '建行熔断 ¥49,800', 'Bank fused ¥49,800'),
    say(907, 'called', 40, 'analyst', '拨打 占线', 'Called, busy'),
  ];
}

export function fixtureDetail(row: Incident, nowMs: number): IncidentDetail {
  return {
    ...row,
    reasons: [
      {
        feature: 'seq_call_share_payee',
        says: { zh: '通话未断时屏幕共享、登录网银、新增收款人', en: 'Screen sharing, bank login and a new payee while the call goes on' },
        contribution: 0.41,
        value: true,
        evidence: ['e02', 'e06', 'e11', 'e12', 'e15', 'e07'],
      },
      {
        feature: 'peer_acct_age',
        says: {
          zh: '收款账户 3 天前开户,已有 2 名受害人付过',
          en: 'The payee account is three days old and two victims have paid into it',
        },
        contribution: 0.22,
        value: 3,
        evidence: ['e15', 'e12', 'e11'],
      },
      {
        feature: 'regular_shopper',
        says: { zh: '7 天内确有网购退款', en: 'A real refund within seven days' },
        contribution: -0.04,
        value: 1,
        evidence: ['e10'],
      },
    ],
    evidence: fixtureEvidence(nowMs),
    actions: fixtureActions(row, nowMs),
    holds: row.hold === null ? [] : [row.hold],
    kin: [
      { maskedName: '王*军', relation: '儿子', maskedPhone: '186****0917', person: 'p_kin1' },
      { maskedName: '李*芬', relation: '女儿', maskedPhone: '152****3308', person: 'p_kin2' },
    ],
    talkTrack: {
      openers: [
        '大姐,我是人和所的,我叫___,您可以看我的证件。',
        '电话先放着别挂,跟我说说,对方让您打开哪个软件?',
        '今天有没有往陌生账户转钱?一分没转也没关系。',
      ],
      scammerSays: ['"在和家人通话"', '"给孩子交学费"', '"不能告诉别人,影响征信"'],
      lookFor: ['耳机', '会议软件', '屏幕上的银行页面', '现金'],
    },
    versions: { catalogue: '1.4', rules: '1.2', model: 'county-1', engine: '0.1.0' },
  };
}
