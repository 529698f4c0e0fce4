import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadOrCreateMasterKey, madeOnce } from './index.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'skyeye-made-once-'));

test('what is made once stays as it was made, for its owner alone, and nothing is left beside it', () => {
  const home = folder();
  const path = join(home, 'key');
  const first = madeOnce(path, () => 'one');
  expect(madeOnce(path, () => 'two')).toEqual(first);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual(['key']);
});

test('of two that make it at the same time both have the first', () => {
  const path = join(folder(), 'key');
  const late = madeOnce(path, () => {
    writeFileSync(path, 'first');
    return 'second';
  });
  expect(late.toString()).toBe('first');
});

test('a master key is the same at every start, and a start writes nothing when it is there', async () => {
  const home = folder();
  const first = await loadOrCreateMasterKey(home);
  const before = statSync(home).mtimeMs;
  expect((await loadOrCreateMasterKey(home)).equals(first)).toBe(true);
  expect(statSync(home).mtimeMs).toBe(before);
});
