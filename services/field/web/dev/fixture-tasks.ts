import type { FieldTask } from '@skyeye/contracts';

const MINUTE = 60_000;

const base = (id: string, nowMs: number): FieldTask => ({
  id,
  incidentId: `i-${id}`,
  tier: 'officer',
  unit: 's01',
  unitName: '人和所',
  assignee: null,
  state: 'sent',
  createdMs: nowMs - 2 * MINUTE,
  dueMs: nowMs + 5 * MINUTE,
  acceptedMs: null,
  arrivedMs: null,
  metMs: null,
  resultedMs: null,
  etaMin: 4,
  number: '20260916-0031',
  level: 'P1',
  scam: 'svc',
  name: '王*兰',
  sex: 'f',
  age: 63,
  phone: '138****5521',
  address: '人和街道 3 号楼 * 单元 ***',
  community: '人和社区',
  liveAlone: true,
  why: {
    zh: '与陌生固话通话 31 分钟未断,16:09 开始共享屏幕,48 秒前新增收款人,正在转 ¥49,800',
    en: 'On the phone with an unknown landline for 31 minutes, sharing the screen, new payee 48 s ago, paying ¥49,800 now',
  },
  live: { call: true, share: false, payment: false },
  position: { lon: 116.245, lat: 36.872, radiusM: 120, atMs: nowMs - 40_000 },
  home: { lon: 116.243, lat: 36.871 },
  alternatives: [{ name: '建行人和支行', distanceM: 320 }],
  kin: [{ relation: '儿子', name: '王*军', phone: null }],
  talkTrack: {
    openers: [
      '大姐,我是人和所的,我叫___,您可以看我的证件。',
      '电话先放着别挂,跟我说说,对方让您打开哪个软件?',
      '今天有没有往陌生账户转钱?一分没转也没关系。',
    ],
    scammerSays: ['在和家人通话', '给孩子交学费', '不能告诉别人,影响征信'],
    lookFor: ['耳机', '会议软件', '屏幕上的银行页面', '现金、快递盒'],
  },
  gridTask: null,
  followUp: null,
  version: 1,
});

/** What the one who accepted sees: clear, as the server would say it. */
export const accepted = (task: FieldTask, nowMs: number): FieldTask => ({
  ...task,
  state: 'accepted',
  acceptedMs: nowMs,
  assignee: 'officer',
  version: task.version + 1,
  name: task.tier === 'grid' ? task.name : '王玉兰',
  phone: task.tier === 'grid' ? null : '13800005521',
  address: '人和街道 3 号楼 2 单元 402 · 门禁找物业 8**01',
  kin: task.tier === 'grid' ? [] : [{ relation: '儿子', name: '王建军', phone: '18600000917' }],
});

export function officerTasks(nowMs: number): FieldTask[] {
  return [
    base('t1', nowMs),
    {
      ...base('t2', nowMs),
      number: '20260916-0034',
      level: 'P2',
      scam: 'brush',
      name: '周*燕',
      sex: 'f',
      age: 34,
      community: '梁村镇二社区',
      dueMs: nowMs + 52 * MINUTE,
      state: 'accepted',
      acceptedMs: nowMs - 9 * MINUTE,
      live: { call: false, share: false, payment: false },
      liveAlone: false,
    },
    {
      ...base('t3', nowMs),
      number: '20260916-0029',
      level: 'P2',
      scam: 'invest',
      name: '陈*',
      sex: 'm',
      age: 41,
      community: '汇鑫社区',
      dueMs: nowMs - 70_000,
      live: null,
      liveAlone: null,
      position: null,
    },
    {
      ...base('t4', nowMs),
      number: '20260916-0011',
      level: 'P3',
      scam: 'loan',
      name: '刘*萍',
      sex: 'f',
      age: 29,
      state: 'resulted',
      acceptedMs: nowMs - 90 * MINUTE,
      arrivedMs: nowMs - 60 * MINUTE,
      metMs: nowMs - 58 * MINUTE,
      resultedMs: nowMs - 40 * MINUTE,
      live: null,
    },
  ];
}

/** The reduced view: no reason, no phone, no call, no score. */
export function gridTasks(nowMs: number): FieldTask[] {
  const reduced = {
    tier: 'grid' as const,
    unitName: '人和社区二网格',
    why: null,
    live: null,
    phone: null,
    kin: [],
    position: null,
    scam: null,
    alternatives: [],
    gridTask: '见面、教三件事、确认未转账',
    talkTrack: { openers: ['大姐,我是咱们社区的网格员,派出所让我来看看您。'], scammerSays: [], lookFor: [] },
  };
  return [
    { ...base('g1', nowMs), ...reduced, level: 'P3', dueMs: nowMs + 20 * 60 * MINUTE },
    {
      ...base('g2', nowMs),
      ...reduced,
      level: 'P4',
      name: '吴*强',
      sex: 'm',
      age: 58,
      dueMs: nowMs + 3 * 60 * MINUTE,
      gridTask: '回访:家中是否还接到陌生来电,安装反诈 APP',
      followUp: 1,
    },
  ];
}

export const longTask = (nowMs: number): FieldTask => ({
  ...base('t9', nowMs),
  name: '阿卜杜热合曼·买买提*****依明江·吐尔逊',
  address: '鱼邱湖街道办事处文化路北段金色家园小区二期 18 号楼 3 单元 2702 室,门禁密码问物业值班室,电梯需刷卡',
  community: '鱼邱湖街道办事处文化路北段金色家园小区社区居民委员会',
  live: { call: true, share: true, payment: true },
});
