import type { BudgetSeen, ErasureRow, ModelList, ModelNumbers, RuleListed, RuleState, RuleStep } from '@skyeye/contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RESIDENTS = 468_000;
const hex = (seed: number, length: number): string => Array.from({ length }, (_, at) => ((seed * 31 + at * 7) % 16).toString(16)).join('');

const NAMES: readonly (readonly [string, string, string, string])[] = [
  ['svc_share_call_pay', '冒充客服:通话、共享屏幕未断即转账', 'A payment with the caller on the line and on the screen', 'P1'],
  ['svc_share_login_new_payee', '冒充客服:共享屏幕后登录网银加新收款人', 'Bank login and a new payee after sharing the screen', 'P2'],
  ['gov_hotel_cut_off', '冒充公检法:境外来电后入住宾馆并拒接家人', 'A hotel and unanswered family after a call from abroad', 'P1'],
  ['brush_growing_orders', '刷单返利:做单金额逐级抬高', 'Brushing orders that grow', 'P2'],
  ['loan_fee_before_money', '虚假贷款:放款前先收解冻金', 'A fee before the loan', 'P3'],
  ['invest_small_then_large', '杀猪盘:小额提现成功后大额加码', 'Large payments after a small one came back', 'P2'],
  ['campus_cancel_loans', '注销校园贷:短时多家网贷放款', 'Several loans within hours', 'P2'],
  ['goods_refund_link', '购物退款:点退款链接后验证码转账', 'A refund link, a code, a transfer', 'P3'],
];

function rule(index: number, state: RuleState, nowMs: number, long: boolean): RuleListed {
  const [id, zh, en, level] = NAMES[index % NAMES.length] ?? NAMES[0] ?? ['', '', '', 'P3'];
  const isRelease = state === 'live' && index !== 1;
  const wide = index === 4 ? 3_120 : 4 + ((index * 7) % 40);
  return {
    id: index < NAMES.length ? id : `${id}_${index}`,
    version: hex(index + 3 + state.length, 16),
    state,
    entry: {
      id,
      name: long ? { zh: zh.repeat(4), en: en.repeat(4) } : { zh, en },
      subject: 'person',
      level,
      when: 'x_share_open_at_transfer && (x_call_open_at_transfer || call_unk_active_s >= 600)',
      unless: 'mit_payee_kin_self',
      scams: ['svc', 'credit'],
      reason: { zh: '陌生通话没挂、屏幕还在共享,就开始转账', en: 'pays while a stranger is still on the line and still sees the screen' },
      owner: long ? '县公安局反电信网络诈骗犯罪侦查中心综合研判与技术反制大队规则维护组' : '反诈中心研判组',
      examples: [1, 2, 3],
    },
    proposedBy: isRelease ? 'release' : index % 2 === 0 ? 'analyst' : 'zhang',
    createdMs: nowMs - (index + 2) * DAY_MS,
    count:
      state === 'live' || state === 'shadow' || state === 'approved'
        ? { times: 37 + index * 11, personsPerDayMax: wide, days: [{ day: 20_000, persons: wide }] }
        : null,
    backtest:
      isRelease || state === 'draft' || state === 'checked'
        ? null
        : {
            events: 8_412_000,
            persons: RESIDENTS,
            days: 7,
            personsPerDayMax: wide,
            raisedPerDayMax: 3 + (index % 5),
            eventsHash: 'e'.repeat(64),
          },
  };
}

const WAITING: readonly RuleState[] = ['live', 'shadow', 'live', 'draft', 'backtested', 'approved', 'checked', 'live'];

export function fixtureRules(nowMs: number, { count, long }: { readonly count: number; readonly long: boolean }): object {
  const rules = Array.from({ length: count }, (_, index) =>
    rule(index, index < WAITING.length ? (WAITING[index] ?? 'live') : 'live', nowMs, long),
  );
  if (count > 1) rules.push({ ...rule(1, 'live', nowMs, long), version: hex(77, 16) });
  return { seq: 12, atScorerSeq: 12, residents: RESIDENTS, rules };
}

export function fixtureRule(id: string, nowMs: number, long: boolean): { rules: RuleListed[]; steps: RuleStep[] } | null {
  const index = NAMES.findIndex(([known]) => known === id);
  if (index < 0) return null;
  const state = WAITING[index] ?? 'live';
  const newest = rule(index, state, nowMs, long);
  const former = { ...rule(index, 'live', nowMs, long), version: hex(77, 16), proposedBy: 'release' };
  const rules = state === 'live' ? [newest] : [former, newest];
  const why = long ? '按上周三起同类警情的作案手法补充,已与银行和运营商核对数据口径。'.repeat(5) : '补充上周同类警情的手法';
  const one = (seq: number, step: string, hours: number, by: string, numbers: Record<string, unknown> = {}): RuleStep => ({
    seq,
    ruleId: id,
    version: newest.version,
    step,
    atMs: nowMs - hours * HOUR_MS,
    by,
    reason: why,
    numbers,
  });
  const steps: RuleStep[] = [
    { ...one(1, 'live', 900, 'release'), version: former.version, reason: '随版本发布' },
    one(2, 'draft', 74, newest.proposedBy),
    one(3, 'checked', 73, newest.proposedBy, { examples: 3 }),
    one(4, 'backtested', 71, newest.proposedBy, { ...newest.backtest }),
    one(5, 'shadow', 40, newest.proposedBy),
  ];
  return { rules, steps };
}

const side = (model: string, change: Partial<ModelNumbers> = {}): ModelNumbers => ({
  model,
  persons: 41,
  caught: 31,
  caughtFen: 184_000_000,
  lostFen: 231_500_000,
  urgent: 66,
  falseUrgent: 19,
  falsePerShift: 0.041,
  leadMinutes: 23.5,
  ...change,
});

export function fixtureModels(nowMs: number, { empty, refused }: { readonly empty: boolean; readonly refused: boolean }): ModelList {
  const table = {
    events: 8_412_000,
    fromMs: nowMs - 9 * DAY_MS,
    untilMs: nowMs - 2 * DAY_MS,
    live: side('person/2'),
    candidate: side('person/3', {
      caught: 34,
      caughtFen: 201_200_000,
      falseUrgent: 21,
      falsePerShift: 0.045,
      urgent: 71,
      leadMinutes: 27.1,
    }),
    gained: 4,
    lost: 1,
  };
  const counts = { agrees: 21_804, higher: 612, lower: 251, failed: 0, passedOver: 37 };
  const model = (version: string, state: 'proposed' | 'challenger', hours: number) => ({
    name: 'person',
    version,
    digest: hex(Number(version), 64),
    state,
    proposedBy: 'zhang',
    createdMs: nowMs - hours * HOUR_MS,
    table: { ...table, candidate: { ...table.candidate, model: `person/${version}` } },
  });
  const step = (seq: number, version: string, name: string, hours: number) => ({
    seq,
    name: 'person',
    version,
    step: name,
    atMs: nowMs - hours * HOUR_MS,
    by: 'zhang',
    reason: '第三季度案件重训',
    numbers: {},
  });
  return {
    seq: 3,
    scorer: {
      seq: 3,
      atMs: nowMs,
      models: [
        {
          name: 'person',
          champion: 'person/2',
          challenger: empty ? null : 'person/3',
          refused: refused ? [{ model: 'person/4', code: 'MODEL_CHECKSUM_WRONG' }] : [],
          counts: empty ? { agrees: 0, higher: 0, lower: 0, failed: 0, passedOver: 0 } : counts,
        },
      ],
    },
    models: empty ? [] : [model('3', 'challenger', 50), model('4', 'proposed', 3)],
    steps: empty ? [] : [step(1, '3', 'proposed', 50), step(2, '3', 'challenger', 30), step(3, '4', 'proposed', 3)],
  };
}

export function fixtureBudget(nowMs: number, { empty, many }: { readonly empty: boolean; readonly many: boolean }): BudgetSeen {
  const todayMs = Math.floor((nowMs + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS;
  const bar = (step: number): number => Math.max(0, Math.round(3_200_000 + 1_900_000 * Math.sin(step / 3) + step * 40_000));
  const moves = Array.from({ length: many ? 200 : 24 }, (_, index) => {
    const step = 200 - index;
    return { atMs: nowMs - index * HOUR_MS, fromFen: bar(step - 1), barFen: bar(step), candidates: 61 + (index % 9), floor: 4 };
  });
  return {
    bar: empty ? null : { atMs: nowMs, visitsPerDay: 15, barFen: moves[0]?.barFen ?? 0, candidates: 61, floor: 4, moves },
    today: empty ? { urgent: 0, met: 0, open: 0 } : { urgent: many ? 18 : 11, met: 7, open: 3 },
    days: Array.from({ length: 7 }, (_, index) => ({
      dayMs: todayMs - (6 - index) * DAY_MS,
      urgent: empty ? 0 : ([14, 16, 12, 15, 17, 13, many ? 18 : 11][index] ?? 0),
      met: empty ? 0 : ([12, 13, 11, 12, 14, 12, 7][index] ?? 0),
    })),
  };
}

export function fixtureErasures(
  nowMs: number,
  { count, long }: { readonly count: number; readonly long: boolean },
): { erasures: ErasureRow[] } {
  const states = ['asked', 'approved', 'done', 'refused', 'expired'] as const;
  return {
    erasures: Array.from({ length: count }, (_, index): ErasureRow => {
      const state = states[index % states.length] ?? 'asked';
      const isDecided = state === 'approved' || state === 'done' || state === 'refused';
      return {
        id: `${hex(index + 11, 8)}-1f2e-4c3d-8b5a-${hex(index + 5, 12)}`,
        state,
        keys: 2 + (index % 4),
        reason: long
          ? '本人申请:已迁往外省居住,不再在本县就业、开户和使用本地号码,要求停止对其行为数据的研判并删除。'.repeat(2)
          : '本人申请,已迁出本县',
        askedBy: 'operator',
        askedMs: nowMs - (index + 1) * 5 * HOUR_MS,
        decidedBy: isDecided ? 'leader' : null,
        decidedMs: isDecided ? nowMs - index * 5 * HOUR_MS : null,
        refusal: state === 'refused' ? '案件尚在侦查,依法保留' : null,
        doneMs: state === 'done' ? nowMs - index * 4 * HOUR_MS : null,
        receipt: state === 'done' ? { seq: 1_204 + index, hash: hex(index + 9, 64) } : null,
      };
    }),
  };
}
