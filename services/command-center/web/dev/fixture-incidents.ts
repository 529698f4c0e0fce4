import type { Hold, Incident, Level, Scam, Task } from '@skyeye/contracts';
import { fixtureCounty } from './fixture-county.ts';

const MINUTE = 60_000;
const county = fixtureCounty();

interface Case {
  readonly level: Level;
  readonly scam: Scam;
  readonly name: string;
  readonly sex: 'm' | 'f';
  readonly age: number;
  readonly town: number;
  readonly leftMin: number;
  readonly zh: string;
  readonly en: string;
  readonly sources: readonly string[];
  readonly score: number;
  readonly lossYuan: number;
  readonly lostYuan: number;
  readonly live?: Partial<Incident['live']>;
}

/** Invented people; the words are those of the station room. */
const CASES: readonly Case[] = [
  {
    level: 'P1',
    scam: 'svc',
    name: '王*兰',
    sex: 'f',
    age: 63,
    town: 0,
    leftMin: 1.2,
    zh: '与陌生固话通话 31 分钟未断,16:09 开始共享屏幕,48 秒前新增收款人,正在转 ¥49,800',
    en: 'On the phone with an unknown landline for 31 minutes, sharing the screen since 16:09, new payee 48 s ago, paying ¥49,800 now',
    sources: ['通话信令', '屏幕共享', '银行'],
    score: 0.94,
    lossYuan: 186_000,
    lostYuan: 0,
    live: { call: true, share: true, payment: true },
  },
  {
    level: 'P1',
    scam: 'credit',
    name: '赵*',
    sex: 'm',
    age: 22,
    town: 1,
    leftMin: 3.7,
    zh: '会议软件共享中 57 分钟,3 家网贷放款 ¥62,000,第 2 个新收款人',
    en: 'Meeting app shared for 57 minutes, three online loans paid out ¥62,000, second new payee',
    sources: ['屏幕共享', '贷款'],
    score: 0.97,
    lossYuan: 62_000,
    lostYuan: 9_800,
    live: { share: true },
  },
  {
    level: 'P1',
    scam: 'gov',
    name: '孙*华',
    sex: 'm',
    age: 71,
    town: 3,
    leftMin: 6.1,
    zh: '境外来电后入住宾馆,拒接家人 4 次,已卸载反诈 APP,预约取现 ¥150,000',
    en: 'Moved to a hotel after a call from abroad, refused kin four times, removed the anti-fraud app, booked ¥150,000 in cash',
    sources: ['话单', '位置', 'APP', '现金'],
    score: 0.91,
    lossYuan: 240_000,
    lostYuan: 0,
    live: { call: true },
  },
  {
    level: 'P2',
    scam: 'brush',
    name: '周*燕',
    sex: 'f',
    age: 34,
    town: 4,
    leftMin: 14.4,
    zh: '群内做单,5 个新收款人金额逐级抬升 ¥300→¥12,000,收到小额返利 4 笔',
    en: 'Doing tasks in a group, five new payees rising from ¥300 to ¥12,000, four small rebates received',
    sources: ['银行', '支付', 'APP'],
    score: 0.88,
    lossYuan: 35_000,
    lostYuan: 17_300,
  },
  {
    level: 'P2',
    scam: 'invest',
    name: '陈*',
    sex: 'm',
    age: 41,
    town: 2,
    leftMin: 26.3,
    zh: '侧载理财 APP 活跃 6 天,小额提现成功后 3 次加码,正提前支取定期',
    en: 'Sideloaded investment app used for six days, raised three times after a small payout, breaking a deposit',
    sources: ['APP', '银行', '账户'],
    score: 0.79,
    lossYuan: 80_000,
    lostYuan: 31_000,
  },
  {
    level: 'P3',
    scam: 'loan',
    name: '刘*萍',
    sex: 'f',
    age: 29,
    town: 5,
    leftMin: 96,
    zh: '点击贷款短信,在仿冒页提交身份信息,尚无转账',
    en: 'Followed a loan text and gave identity data to a fake page; no transfer yet',
    sources: ['短信', '域名'],
    score: 0.52,
    lossYuan: 8_000,
    lostYuan: 0,
  },
  {
    level: 'P3',
    scam: 'shopping',
    name: '吴*强',
    sex: 'm',
    age: 38,
    town: 6,
    leftMin: 150,
    zh: '平台外私下付款 2 笔,卖家账户 5 天前开户',
    en: 'Two payments outside the platform to an account opened five days ago',
    sources: ['支付', '情报'],
    score: 0.47,
    lossYuan: 3_600,
    lostYuan: 1_200,
  },
  {
    level: 'P4',
    scam: 'game',
    name: '郑*宇',
    sex: 'm',
    age: 16,
    town: 7,
    leftMin: 300,
    zh: '访问仿冒游戏交易站 3 次,未付款',
    en: 'Visited a fake game market three times, no payment',
    sources: ['域名'],
    score: 0.31,
    lossYuan: 900,
    lostYuan: 0,
  },
];

const taskOf = (
  id: string,
  tier: Task['tier'],
  state: Task['state'],
  unit: string,
  unitName: string,
  nowMs: number,
  etaMin: number | null,
): Task => ({
  id: `${id}-${tier}`,
  incidentId: id,
  tier,
  unit,
  unitName,
  assignee: state === 'sent' ? null : '民警 刘*',
  state,
  createdMs: nowMs - 3 * MINUTE,
  dueMs: nowMs + 4 * MINUTE,
  acceptedMs: state === 'sent' ? null : nowMs - 2 * MINUTE,
  arrivedMs: ['arrived', 'met', 'resulted'].includes(state) ? nowMs - MINUTE : null,
  metMs: ['met', 'resulted'].includes(state) ? nowMs : null,
  resultedMs: state === 'resulted' ? nowMs : null,
  etaMin,
});

export const holdOf = (id: string, nowMs: number): Hold => ({
  id: `h-${id}`,
  requestId: `req-${id}-0001`,
  bank: '建设银行人和支行',
  person: `p_${id}`,
  acct: 'a_62170012',
  peer: 'a_9f31c0093',
  amountFen: 4_980_000,
  outcome: 'fuse',
  state: 'active',
  reasonCode: '3102',
  counter: {
    holder: '通话中、有人指导,神情紧张',
    transaction: '金额异常,提前支取定期',
    payee: '收款方 3 天前开户',
    purpose: '前后改口 2 次',
    guided: '"有人让保密"',
    reminder: '冒充客服模板已读,未签字',
  },
  createdMs: nowMs - 72_000,
  expiresMs: nowMs + 28 * MINUTE + 48_000,
  endedMs: null,
  endedBy: null,
  endedReason: null,
});

/** One row of the queue out of the cases, the index making it another person. */
export function fixtureIncident(index: number, nowMs: number, more: Partial<Incident> = {}): Incident {
  const one = CASES[index % CASES.length];
  if (one === undefined) throw new Error('no case');
  const round = Math.floor(index / CASES.length);
  const id = `i${String(index + 1).padStart(4, '0')}`;
  const town = county.towns[(one.town + round) % county.towns.length];
  const station = county.stations.find(({ town: code }) => code === town?.code);
  if (town === undefined || station === undefined) throw new Error('no town');
  const unsigned = index === 2 || (round > 0 && index % 5 === 0);
  const createdMs = nowMs - (unsigned ? 42_000 : 4 * MINUTE) - round * 20_000;
  const tasks =
    index === 0
      ? [
          taskOf(id, 'station', 'accepted', station.code, `${station.name} 民警 2 人`, nowMs, 4),
          taskOf(id, 'officer', 'sent', 'r1', '红袖标一队', nowMs, 6),
          taskOf(id, 'grid', 'sent', 'g1', '人和社区二网格', nowMs, null),
        ]
      : index === 1
        ? [taskOf(id, 'station', 'arrived', 'r3', '红袖标三队', nowMs, null)]
        : index === 3 || index === 4
          ? [taskOf(id, 'officer', 'sent', station.code, `${station.name} 社区民警`, nowMs, 50)]
          : index === 5
            ? [taskOf(id, 'grid', 'accepted', 'g5', '梁村镇二网格', nowMs, null)]
            : [];
  return {
    id,
    number: `20260916-${String(31 + index).padStart(4, '0')}`,
    level: one.level,
    scam: one.scam,
    state: unsigned ? 'CREATED' : tasks.length > 0 ? 'DISPATCHED' : 'SIGNED',
    score: one.score,
    subject: {
      person: `p_${id}`,
      maskedName: one.name,
      sex: one.sex,
      age: one.age,
      maskedPhone: `13${index % 10}****${String(5521 + index * 37).slice(-4)}`,
      town: town.code,
      community: `c${town.code}`,
      communityName: `${town.name}${(index % 3) + 1}社区`,
      liveAlone: index % 4 === 0,
      position:
        index % 6 === 5
          ? null
          : {
              lon: town.centre[0] + Math.sin(index) * 0.018,
              lat: town.centre[1] + Math.cos(index) * 0.014,
              radiusM: [120, 260, 1400, 600][index % 4] ?? 300,
              atMs: nowMs - [40_000, 90_000, 3 * MINUTE, 8 * MINUTE][index % 4]!,
            },
    },
    expectedLossFen: one.lossYuan * 100,
    lostFen: one.lostYuan * 100,
    savedFen: index === 0 ? 4_980_000 : 0,
    lossAtMs: nowMs + one.leftMin * MINUTE + round * 47_000,
    why: { zh: one.zh, en: one.en },
    sources: [...one.sources],
    live: { call: false, share: false, payment: false, ...one.live },
    alerts: index === 0 ? 2 : 1,
    station: station.code,
    stationName: station.name,
    signedBy: unsigned ? null : index % 2 === 0 ? 'analyst' : 'zhang',
    signedMs: unsigned ? null : createdMs + 60_000,
    createdMs,
    updatedMs: nowMs,
    closedMs: null,
    result: null,
    tasks,
    hold: index === 0 ? holdOf(id, nowMs) : null,
    calls: index === 0 ? 3 : index === 3 ? 2 : 0,
    scoredBy: index === 4 ? 'rules' : 'model+rules',
    version: 3,
    clocks: [
      { step: 'sign', dueMs: createdMs + 60_000, doneMs: unsigned ? null : createdMs + 68_000, missed: false },
      { step: 'first_call', dueMs: createdMs + 2 * MINUTE, doneMs: index === 0 ? createdMs + 100_000 : null, missed: false },
      { step: 'dispatch', dueMs: createdMs + 2 * MINUTE, doneMs: tasks.length > 0 ? createdMs + 110_000 : null, missed: false },
      { step: 'at_door', dueMs: createdMs + 8 * MINUTE, doneMs: null, missed: false },
      { step: 'escalate_county', dueMs: createdMs + 15 * MINUTE, doneMs: null, missed: false },
    ],
    ...more,
  };
}
