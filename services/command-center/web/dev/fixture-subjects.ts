import type { SubjectList, SubjectRowView } from '@skyeye/contracts';

const WHY = [
  {
    zh: '账户在模拟器或改机设备上登录,该设备一周登录过5个账户',
    en: 'logged in from an altered device on which 5 accounts logged in within a week',
  },
  { zh: '一天内4个陌生付款方汇入', en: '4 strangers paid in within a day' },
  { zh: '到账后4分钟内转出', en: 'left within 4 minutes' },
  { zh: '收到1名受害人的钱', en: 'received money of one victim' },
  { zh: '开户后72小时内大额入账', en: 'large money within 72 hours of opening' },
];
const CALLS = [
  { zh: '入网12天的号码,一周换过5部设备外呼', en: 'a number of 12 days that called from 5 handsets within a week' },
  { zh: '90%的号码按顺序拨出', en: '90% of what it dials is in sequence' },
];

export function fixtureSubjects(
  nowMs: number,
  {
    count,
    long,
    decided,
  }: {
    readonly count: number;
    readonly long: boolean;
    readonly decided: ReadonlyMap<string, { decision: 'ordered' | 'dismissed'; reason: string }>;
  },
): SubjectList {
  const subjects = Array.from({ length: count }, (_, index): SubjectRowView => {
    const kind = index % 4 === 3 ? 'number' : 'account';
    const id = `su_${String(index).padStart(22, '0')}`;
    const level = index % 9 === 8 ? null : index % 3 === 0 ? 'P1' : index % 3 === 1 ? 'P2' : 'P3';
    const own = decided.get(id);
    const drafts = level === 'P1' || (level === null && index % 2 === 0);
    return {
      id,
      kind,
      masked: kind === 'number' ? '170****2291' : '6217**********0482',
      level,
      score: level === null ? 0.2 : 0.99 - (index % 7) * 0.05,
      sinceMs: nowMs - (index + 1) * 600_000,
      updatedMs: nowMs - index * 410_000,
      reasons: (kind === 'number' ? CALLS : WHY)
        .slice(index % 2)
        .map(({ zh, en }) => ({ zh: zh.repeat(long ? 3 : 1), en: en.repeat(long ? 3 : 1) })),
      rules: [],
      actions:
        level === null
          ? []
          : level === 'P3'
            ? ['watch']
            : kind === 'account'
              ? ['share', 'raise_hold', ...(level === 'P1' ? ['draft_stop_payment' as const] : [])]
              : ['share', 'warn_callees', ...(level === 'P1' ? ['draft_block' as const] : [])],
      counterparts: index % 5,
      residents: long ? ['阿卜杜热合曼·买买提*****依明江·吐尔逊', '欧阳**', '李*'] : ['王*兰', '李*'].slice(0, index % 3),
      amountFen: kind === 'number' ? 0 : (index % 5) * 598_000,
      change:
        level === null
          ? { kind: 'withdrawn', because: { zh: '后到记录更正,原有依据不成立', en: 'a later record shows that the evidence had not been' } }
          : null,
      scoredBy: index % 6 === 5 ? 'rules' : 'model+rules',
      draft: drafts
        ? {
            kind: kind === 'number' ? 'block' : 'stop_payment',
            state: own?.decision ?? (level === null ? 'dropped' : index % 6 === 3 ? 'ordered' : 'drafted'),
            by: own === undefined ? null : 'leader',
            atMs: own === undefined && index % 6 !== 3 ? null : nowMs - 60_000,
            reason: own?.reason ?? null,
          }
        : null,
    };
  });
  return { subjects };
}
