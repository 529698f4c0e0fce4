import { expect, test } from 'vitest';
import { pictureOf, type PictureFacts } from './picture.ts';

const at = (hour: number, minute: number): number => Date.UTC(2026, 8, 16, hour - 8, minute);
const quiet: PictureFacts = {
  nowMs: at(16, 33),
  live: { call: false, share: false, payment: false, remote: false, callSinceMs: null, shareSinceMs: null },
  payment: null,
  strongest: [],
};
const payment = { tMs: at(16, 33), amountFen: 4_980_000, pending: true, cash: false, newPayee: true, payeeAgeDays: 3.4 };

test('a call, a screen and a payment are said with their times and the amount', () => {
  const said = pictureOf({
    ...quiet,
    live: { call: true, share: true, payment: true, remote: false, callSinceMs: at(16, 2), shareSinceMs: at(16, 21) },
    payment,
  });
  expect(said).toEqual({
    zh: '16:02 起与陌生号码通话 31 分钟未断, 16:21 开始共享屏幕, 正向 3 天前新开的账户转 49,800 元',
    en: 'On a call with a stranger since 16:02, 31 min without a break, sharing the screen since 16:21, now paying ¥49,800 to an account opened 3 days ago',
  });
});

test.each([
  [{ pending: false, payeeAgeDays: 0 }, '16:33 已向当天新开的账户转出 49,800 元'],
  [{ pending: false, payeeAgeDays: null }, '16:33 已向首次收款的账户转出 49,800 元'],
  [{ payeeAgeDays: 900, newPayee: false }, '正向他人账户转 49,800 元'],
  [{ cash: true, pending: false }, '16:33 取现 49,800 元'],
])('a payment %j', (more, zh) => {
  expect(pictureOf({ ...quiet, payment: { ...payment, ...more } })?.zh).toBe(zh);
});

test('where nothing is open and nothing is known there is no sentence', () => {
  expect(pictureOf(quiet)).toBeNull();
});
