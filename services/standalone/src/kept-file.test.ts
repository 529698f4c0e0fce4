import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { madeOnce, replaceFile } from './kept-file.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'skyeye-kept-'));

test('what is made once stays as it was made, for its owner alone', () => {
  const path = join(folder(), 'key');
  const first = madeOnce(path, () => 'one');
  expect(madeOnce(path, () => 'two')).toEqual(first);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('replacing leaves nothing beside the file', () => {
  const home = folder();
  replaceFile(join(home, 'clock'), '1');
  replaceFile(join(home, 'clock'), '2');
  expect(readFileSync(join(home, 'clock'), 'utf8')).toBe('2');
  expect(readdirSync(home)).toEqual(['clock']);
});
