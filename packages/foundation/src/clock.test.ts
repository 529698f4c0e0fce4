import { expect, test } from 'vitest';
import { AnchoredClock } from './index.ts';

test('county time runs at the anchor speed and never steps back', () => {
  let wallMs = 1000;
  const clock = new AnchoredClock({ countyMs: 50_000, wallMs: 1000, speed: 10 }, () => wallMs);
  wallMs = 1100;
  expect(clock.nowMs()).toBe(51_000);
  clock.follow({ countyMs: 40_000, wallMs: 1100, speed: 10 });
  expect(clock.nowMs()).toBe(51_000);
  wallMs = 2300;
  expect(clock.nowMs()).toBe(52_000);
});
