import { expect, test } from 'vitest';
import { BOUNDS, brokenBounds } from './bounds.ts';

test.each(BOUNDS.map((bound) => [bound.says, bound] as const))('%s', (_says, bound) => {
  expect(brokenBounds([bound])).toEqual([]);
});
