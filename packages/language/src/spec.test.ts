import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FUNCTIONS } from './functions/index.ts';

const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');

test.each([...FUNCTIONS.values()])('the SPEC says about $name what the entry says', ({ name, says, nothing }) => {
  const row = spec.split('\n').find((line) => line.startsWith(`| \`${name}(`));
  expect(row).toContain(`| ${says} | ${nothing} |`);
});

test('there are 43 functions, seq and of among them', () => {
  expect(FUNCTIONS.size + 2).toBe(43);
});
