import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Known } from './known.ts';

const text = (index: number): string => createHash('sha256').update(String(index)).digest('base64url');

test('a hundred thousand texts are known, but for those whose slot another took, and no other is', () => {
  const known = new Known();
  for (let index = 0; index < 100_000; index++) known.add(text(index));
  let kept = 0;
  for (let index = 0; index < 100_000; index++) if (known.has(text(index))) kept++;
  expect(kept).toBeGreaterThan(96_000);
  for (let index = 100_000; index < 200_000; index++) expect(known.has(text(index))).toBe(false);
  expect(known.has('')).toBe(false);
});
