import type { Bilingual } from '@skyeye/contracts';
import type { Argument, Expression, Selector, Window } from '@skyeye/language';
import { fieldWords, selectorWords } from './selector-words.ts';
import { spanWords } from './units.ts';
import type { Noun } from './noun.ts';

/** A window as it is said. Chinese stands before what it limits, English behind. */
export function windowWords(window: Window, start: Noun | undefined): Bilingual {
  switch (window.kind) {
    case 'last': {
      const { zh, en } = spanWords(window.ms);
      return { zh: `近${zh}内`, en: `within ${en}` };
    }
    case 'prior': {
      const { zh, en } = spanWords(window.ms);
      return { zh: `本次之前${zh}内`, en: `in the ${en} before this event` };
    }
    case 'between': {
      const [from, until] = [spanWords(window.fromMs), spanWords(window.untilMs)];
      return { zh: `${from.zh}前至${until.zh}前`, en: `from ${from.en} to ${until.en} ago` };
    }
    case 'workingDays':
      return { zh: `近${window.days}个工作日内`, en: `within ${window.days} working days` };
    case 'since':
      return { zh: `自本次的${start?.zh ?? window.field}以来`, en: `since the ${start?.en ?? window.field} of this event` };
  }
}

interface Parts {
  /** The events. */
  readonly s: Noun;
  /** The second events, where there are some. */
  readonly b: Noun;
  /** The field. */
  readonly f: Noun;
  readonly w: Bilingual;
  readonly gap: Bilingual;
  /** Numbers in their order. */
  readonly n: readonly number[];
  /** 次, 笔 or 条. */
  readonly measure: string;
  readonly name: string;
}

const percent = (ratio: number): string => `${Math.round(ratio * 1000) / 10}%`;
const SHARED: Readonly<Record<string, Bilingual>> = { device: { zh: '设备', en: 'a device' }, ip: { zh: 'IP地址', en: 'an IP address' } };

/** Every function that looks at events, in both languages. */
const SAYINGS: Readonly<Record<string, (parts: Parts) => readonly [zh: string, en: string]>> = {
  count: ({ s, w, measure }) => [`${w.zh}${s.zh}的${measure}数`, `the number of ${s.many} ${w.en}`],
  exists: ({ s, w }) => [`${w.zh}有${s.zh}`, `there were ${s.many} ${w.en}`],
  since: ({ s, w }) => [`距${w.zh}最近一次${s.zh}的时间`, `the time since the latest ${s.en} ${w.en}`],
  days: ({ s, w }) => [`${w.zh}有${s.zh}的天数`, `the number of days with ${s.many} ${w.en}`],
  distinct: ({ s, f, w }) => [`${w.zh}${s.zh}涉及的不同${f.zh}数`, `the number of different ${f.many} of ${s.many} ${w.en}`],
  topcount: ({ s, f, w, measure }) => [
    `${w.zh}${s.zh}中同一${f.zh}的最多${measure}数`,
    `how often the most frequent ${f.en} occurs among ${s.many} ${w.en}`,
  ],
  topshare: ({ s, f, w }) => [
    `${w.zh}${s.zh}中最多的同一${f.zh}所占比例`,
    `the share of the most frequent ${f.en} among ${s.many} ${w.en}`,
  ],
  entropy: ({ s, f, w }) => [`${w.zh}${s.zh}的${f.zh}分散程度(熵)`, `the entropy of the ${f.many} of ${s.many} ${w.en}`],
  sum: ({ s, f, w }) => [`${w.zh}${s.zh}的${f.zh}合计`, `the total of the ${f.many} of ${s.many} ${w.en}`],
  avg: ({ s, f, w }) => [`${w.zh}${s.zh}的平均${f.zh}`, `the mean of the ${f.many} of ${s.many} ${w.en}`],
  min: ({ s, f, w }) => [`${w.zh}${s.zh}的最小${f.zh}`, `the least of the ${f.many} of ${s.many} ${w.en}`],
  max: ({ s, f, w }) => [`${w.zh}${s.zh}的最大${f.zh}`, `the greatest of the ${f.many} of ${s.many} ${w.en}`],
  std: ({ s, f, w }) => [`${w.zh}${s.zh}的${f.zh}标准差`, `the standard deviation of the ${f.many} of ${s.many} ${w.en}`],
  last: ({ s, f, w }) => [`${w.zh}最近一次${s.zh}的${f.zh}`, `the ${f.en} of the latest ${s.en} ${w.en}`],
  first: ({ s, f, w }) => [`${w.zh}最早一次${s.zh}的${f.zh}`, `the ${f.en} of the earliest ${s.en} ${w.en}`],
  q: ({ s, f, w, n }) => [
    `${w.zh}${s.zh}的${f.zh}的${percent(n[0] ?? 0)}分位数`,
    `the ${percent(n[0] ?? 0)} quantile of the ${f.many} of ${s.many} ${w.en}`,
  ],
  incrun: ({ s, f, w, measure }) => [
    `${w.zh}${s.zh}的${f.zh}连续走高的最多${measure}数`,
    `the longest run of rising ${f.many} among ${s.many} ${w.en}`,
  ],
  nearcount: ({ s, f, w, n, measure }) => [
    `${w.zh}${s.zh}中${f.zh}彼此相差不超过${percent(n[0] ?? 0)}的最多${measure}数`,
    `the most ${s.many} ${w.en} with ${f.many} within ${percent(n[0] ?? 0)} of one of them`,
  ],
  gapcv: ({ s, w }) => [`${w.zh}相邻${s.zh}间隔时间的变异系数`, `the variation of the times between ${s.many} ${w.en}`],
  seqdial: ({ s, f, w }) => [`${w.zh}${s.zh}的${f.zh}连号的比例`, `the share of consecutive ${f.many} among ${s.many} ${w.en}`],
  burst: ({ s, w, gap, measure }) => [`${w.zh}任意${gap.zh}之内${s.zh}的最多${measure}数`, `the most ${s.many} in any ${gap.en} ${w.en}`],
  alt: ({ s, b, w }) => [`${w.zh}${s.zh}后紧接着${b.zh}的次数`, `how often ${b.many} directly follow ${s.many} ${w.en}`],
  open: ({ s, b, w }) => [`${w.zh}有${s.zh}而尚无对应的${b.zh}`, `there is, ${w.en}, some ${s.en} without its ${b.en}`],
  openfor: ({ s, b, w }) => [
    `${w.zh}最早一次尚无对应${b.zh}的${s.zh}距今的时间`,
    `the time since the earliest ${s.en} without its ${b.en} ${w.en}`,
  ],
  fifo_share: ({ w, gap }) => [
    `${w.zh}陌生人入账中在${gap.zh}内转走或取走的比例(先进先出)`,
    `the share of strangers’ credits ${w.en} that left within ${gap.en}, first in first out`,
  ],
  fifo_med: ({ w }) => [
    `${w.zh}陌生人入账停留时间的中位数(先进先出)`,
    `the median time that strangers’ credits ${w.en} stayed, first in first out`,
  ],
  hops_black: ({ w, n }) => [
    `${w.zh}资金从本账户到涉案账户的最少跳数(最多${n[0]}跳)`,
    `the least number of hops, up to ${n[0]}, from the account to a listed account ${w.en}`,
  ],
  hops_victim: ({ w, n }) => [
    `${w.zh}受害人资金到达本账户的最少跳数(最多${n[0]}跳)`,
    `the least number of hops, up to ${n[0]}, from a victim’s money to the account ${w.en}`,
  ],
  depth: ({ w, n, gap }) => [
    `${w.zh}到达本账户的资金链最多层数(最多${n[0]}层,每层间隔不超过${gap.zh},金额保留${percent(n[1] ?? 0)}以上)`,
    `the longest chain of transfers into the account ${w.en}, up to ${n[0]}, each within ${gap.en} and carrying at least ${percent(n[1] ?? 0)}`,
  ],
  taint: ({ w, n }) => [
    `${w.zh}经不超过${n[0]}跳流入本账户的受害人资金`,
    `the victims’ money that reached the account over at most ${n[0]} hops ${w.en}`,
  ],
  scatter_gather: ({ w }) => [
    `${w.zh}由本账户分散转出、又汇集到同一账户的中间账户最多个数`,
    `the most accounts between this one and one that gathers what it scattered ${w.en}`,
  ],
  cycle: ({ w, n }) => [
    `${w.zh}资金绕回本账户的最短环路跳数(最多${n[0]}跳,每跳不低于首笔的${percent(n[1] ?? 0)})`,
    `the shortest way, up to ${n[0]} hops, on which at least ${percent(n[1] ?? 0)} of money came back to the account ${w.en}`,
  ],
  copayee: ({ w }) => [
    `${w.zh}与本账户有两名以上共同付款人的其他账户数`,
    `the number of other accounts paid by two or more of this account’s payers ${w.en}`,
  ],
  shared_black: ({ w, name }) => [
    `${w.zh}与本账户共用过${SHARED[name]?.zh ?? name}的涉案账户数`,
    `the number of listed accounts that shared ${SHARED[name]?.en ?? name} with this one ${w.en}`,
  ],
};

/** Names of the functions this file has words for. */
export const SAID_FUNCTIONS: readonly string[] = Object.keys(SAYINGS);

/** A call of a function over events, or undefined when the function only combines values. */
export function callWords(
  node: Extract<Expression, { kind: 'call' }>,
  startOf: (field: string) => Noun | undefined,
): Bilingual | undefined {
  const say = SAYINGS[node.name];
  if (say === undefined) return undefined;
  const of = <K extends Argument['kind']>(kind: K): Extract<Argument, { kind: K }>[] =>
    node.args.filter((argument): argument is Extract<Argument, { kind: K }> => argument.kind === kind);
  const selectors = of('selector') as Selector[];
  const window = of('window')[0]?.window;
  const [first, second] = selectors;
  const none: Noun = { zh: '', en: '', many: '' };
  const [zh, en] = say({
    s: first === undefined ? none : selectorWords(first),
    b: second === undefined ? none : selectorWords(second),
    f: first?.field === null || first === undefined ? none : fieldWords(first.stream, first.field),
    w: window === undefined ? { zh: '', en: '' } : windowWords(window, window.kind === 'since' ? startOf(window.field) : undefined),
    gap: spanWords(of('gap')[0]?.ms ?? 0),
    n: of('value').map(({ value }) => value),
    measure: first === undefined ? '次' : (MEASURES[first.stream] ?? '次'),
    name: of('name')[0]?.name ?? '',
  });
  return { zh, en };
}

const MEASURES: Readonly<Record<string, string>> = {
  fund: '笔',
  bank: '笔',
  pay: '笔',
  cash: '笔',
  sms: '条',
  intel: '条',
  parcel: '件',
  loan: '笔',
};
