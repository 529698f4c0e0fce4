import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFile } from './kept-file.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'skyeye-kept-'));

test('replacing leaves nothing beside the file', () => {
  const home = folder();
  replaceFile(join(home, 'clock'), '1');
  replaceFile(join(home, 'clock'), '2');
  expect(readFileSync(join(home, 'clock'), 'utf8')).toBe('2');
  expect(readdirSync(home)).toEqual(['clock']);
});
