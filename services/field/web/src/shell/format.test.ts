import { expect, test } from 'vitest';
import { zh } from '../texts/zh.ts';
import { distance, metresBetween, timeLeft } from './format.ts';

test('a limit that has passed says by how much', () => {
  expect(timeLeft(221_000, zh)).toBe('03:41');
  expect(timeLeft(-61_000, zh)).toBe('超 01:01');
  expect(timeLeft(5 * 3_600_000, zh)).toBe('5.0 小时');
});

test('distance is near enough to walk by', () => {
  const metres = metresBetween({ lon: 116.23, lat: 36.86 }, { lon: 116.24, lat: 36.87 });
  expect(metres).toBeGreaterThan(1400);
  expect(metres).toBeLessThan(1450);
  expect(distance(metres, zh)).toBe('1.4 公里');
});
