import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openKept } from './kept.ts';

const folder = mkdtempSync(join(tmpdir(), 'skyeye-kept-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder keeps seed, residents and secrets of its first start, whatever the next one is told', () => {
  // As the start command calls it: with all of its options, of which only these two are kept.
  const options = { seed: 1, residents: 400, host: '127.0.0.1', root: '/' };
  const { first, ...made } = openKept(folder, options);
  expect(first).toBe(true);
  expect(openKept(folder, { seed: 2, residents: 900 })).toEqual({ ...made, first: false });
});

test('a file of another version or a broken one is refused and left as it is', () => {
  openKept(folder, { seed: 1, residents: 400 });
  for (const text of ['{', JSON.stringify({ format: 2 })]) {
    writeFileSync(join(folder, 'cluster.json'), text);
    expect(() => openKept(folder, { seed: 1, residents: 400 })).toThrow(expect.objectContaining({ code: 'CLUSTER_FOLDER_NOT_OURS' }));
  }
});
