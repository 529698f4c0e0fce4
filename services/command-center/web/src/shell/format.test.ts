import { expect, test } from 'vitest';
import { zh } from '../texts/zh.ts';
import { distance, duration, roughYuan, stopwatch, timeLeft, yuan } from './format.ts';

test('money is yuan, with fen only where there are some', () => {
  expect(yuan(18_600_000)).toBe('¥186,000');
  expect(yuan(4_980_050)).toBe('¥49,800.50');
});

test('time left shows seconds only where they matter', () => {
  expect(timeLeft(72_000, zh)).toBe('01:12');
  expect(timeLeft(14 * 60_000 + 30_000, zh)).toBe('14 分');
  expect(timeLeft(5_760_000, zh)).toBe('1.6 时');
  expect(timeLeft(-130_000, zh)).toBe('超 02:10');
});

test('durations and distances are said as people say them', () => {
  expect(duration(42_900, zh)).toBe('42 秒');
  expect(duration(3 * 86_400_000, zh)).toBe('3 天');
  expect(stopwatch(3_661_000)).toBe('1:01:01');
  expect(distance(123, zh)).toBe('120 米');
  expect(distance(1_940, zh)).toBe('1.9 公里');
});

test('an expectation is not said to the fen', () => {
  expect(roughYuan(6_193_485)).toBe('≈¥61,900');
  expect(roughYuan(18_600_000)).toBe('¥186,000');
});
