import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataFolder, StartRefused } from './data-folder.ts';

const wanted = { seed: 7, residents: 500 };
const fresh = (): string => mkdtempSync(join(tmpdir(), 'skyeye-folder-'));

test('the first start decides which county lives in a folder', () => {
  const folder = fresh();
  expect(openDataFolder(folder, wanted)).toMatchObject({ seed: 7, residents: 500, first: true });
  expect(openDataFolder(folder, { seed: 8, residents: 900 })).toMatchObject({ seed: 7, residents: 500, first: false });
});

test('a folder of another layout is refused and left as it is', () => {
  const folder = fresh();
  const text = '{"format":99,"seed":1,"residents":1}';
  writeFileSync(join(folder, 'skyeye.json'), text);
  expect(() => openDataFolder(folder, wanted)).toThrow(StartRefused);
  expect(readFileSync(join(folder, 'skyeye.json'), 'utf8')).toBe(text);
});

test('a folder that is a file is refused with a sentence', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'file'), '');
  expect(() => openDataFolder(join(folder, 'file'), wanted)).toThrow(/cannot be written.*--data/);
});

test('a damaged folder file is refused', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'skyeye.json'), '{"format"');
  expect(() => openDataFolder(folder, wanted)).toThrow(/backup/);
});

test('a disk with too little room is refused before anything is written', () => {
  const folder = fresh();
  expect(() => openDataFolder(folder, wanted, () => 499_999_999)).toThrow(/has 499 MB left; 500 MB are needed.*--data/);
  expect(readdirSync(folder)).toEqual([]);
  expect(openDataFolder(folder, wanted, () => 500_000_000).first).toBe(true);
});
