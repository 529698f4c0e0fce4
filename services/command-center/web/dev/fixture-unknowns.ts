import type { LearningFacts, UnknownList, UnknownListed } from '@skyeye/contracts';

const FEATURES = [
  { id: 'fill_otp_60d_gap', zh: '半年未用的账户收到验证码', en: 'a code for an account unused for half a year', share: 0.00004 },
  { id: 'im_grp_burst', zh: '一天内被拉入三个以上陌生群', en: 'added to three groups of strangers within a day', share: 0.0006 },
  { id: 'loan_apply_2h', zh: '2小时内申请两家网贷', en: 'applied for two loans within two hours', share: 0.0011 },
  { id: 'parcel_value_7d', zh: '一周内寄递贵重物品', en: 'sent valuables within a week', share: 0.0032 },
  { id: 'web_new_dom_24h', zh: '访问注册不到30天的网站', en: 'visited a site registered within 30 days', share: 0.018 },
];

const FACTS: LearningFacts = {
  labels: 412,
  frauds: 251,
  checked: 63,
  wrongShare: 0.06,
  poisoned: false,
  suspiciousTeams: ['RT03 红袖标三队'],
  driftedInputs: [
    { input: 'call_unk_active', psi: 0.31, says: { zh: '陌生来电通话时长', en: 'time on calls from strangers' } },
    { input: 'web_new_dom_24h', psi: 0.27 },
  ],
  driftedCalibration: [{ group: 'loan', cases: 41, said: 0.62, real: 0.34 }],
  candidate: 'person/20260916',
  candidateNote: 'in shadow',
  unknowns: 12,
};

export function fixtureUnknowns(
  nowMs: number,
  {
    count,
    long,
    decided,
  }: {
    readonly count: number;
    readonly long: boolean;
    readonly decided: ReadonlyMap<string, { verdict: UnknownListed['verdict']; note: string }>;
  },
): UnknownList {
  const unknowns = Array.from({ length: count }, (_, index): UnknownListed => {
    const day = `202609${String(16 - Math.floor(index / 20)).padStart(2, '0')}`;
    const rank = (index % 20) + 1;
    const own =
      decided.get(`${day}/${rank}`) ?? (index % 7 === 6 ? { verdict: 'harmless' as const, note: '个体户旺季进货,已电话核实' } : null);
    const says = (name: string): string => (long ? name.repeat(4) : name);
    return {
      day,
      rank,
      person: `p_${index}`,
      maskedName: long ? '阿卜杜热合曼·买买提*****依明江·吐尔逊' : (['王*兰', '李*', '欧阳**', '赵*强', '孙*'][index % 5] ?? '王*'),
      maskedPhone: '138****5521',
      sex: index % 2 === 0 ? 'f' : 'm',
      age: 24 + ((index * 17) % 60),
      communityName: long ? '鱼邱湖街道办事处文化路北段金色家园小区社区居民委员会' : '凤栖社区',
      z: 9.4 - rank * 0.22,
      outFen: index % 3 === 0 ? 0 : 180_000 + index * 733_100,
      features: FEATURES.slice(index % 2, 3 + (index % 3)).map(({ id, zh, en, share }) => ({
        id,
        share,
        says: { zh: says(zh), en: says(en) },
      })),
      foundMs: nowMs - 13 * 3_600_000,
      verdict: own?.verdict ?? null,
      note: own?.note ?? null,
      decidedBy: own === null ? null : 'analyst',
      ...(own === null ? {} : { decidedByName: '李*' }),
      decidedMs: own === null ? null : nowMs - 3_600_000,
    };
  });
  return { unknowns, lastRun: count === 0 ? null : { atMs: nowMs - 13 * 3_600_000, facts: FACTS } };
}
