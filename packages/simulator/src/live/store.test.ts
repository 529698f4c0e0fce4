import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderCountyStore } from './store.ts';

const DAY_MS = 86_400_000;
const identity = { seed: 1, residents: 10, scams: 'dense', startMs: 1, everyMs: 1 };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skyeye-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fresh(): FolderCountyStore {
  const store = new FolderCountyStore(folder);
  expect(store.load()).toBeNull();
  store.begin(identity);
  return store;
}

test('what was saved is there again, and the newer position counts', () => {
  const store = fresh();
  store.markImported();
  for (const positionMs of [1000, 2000, 3000]) store.savePosition(positionMs);
  store.append([{ d: 'go', tx: 'x', at: 2500 }]);
  store.close();
  expect(new FolderCountyStore(folder).load()).toEqual({
    identity,
    imported: true,
    positionMs: 3000,
    decisions: [{ d: 'go', tx: 'x', at: 2500 }],
  });
});

test('a position torn by a crash leaves the one before', () => {
  const store = fresh();
  store.savePosition(1000);
  store.savePosition(2000);
  store.close();
  const bytes = readFileSync(join(folder, 'position'));
  bytes.fill('x', 32 + 10, 32 + 20);
  writeFileSync(join(folder, 'position'), bytes);
  expect(new FolderCountyStore(folder).load()?.positionMs).toBe(1000);
});

test('a last line cut short is removed; a broken line before the end stops the start', () => {
  const store = fresh();
  store.append([{ d: 'skip', tx: 'x', at: 1 }]);
  store.close();
  appendFileSync(join(folder, 'journal.jsonl'), '{"d":"go","tx":"y"');
  expect(new FolderCountyStore(folder).load()?.decisions).toEqual([{ d: 'skip', tx: 'x', at: 1 }]);
  appendFileSync(join(folder, 'journal.jsonl'), '{"d":"go"}\n{"d":"go","tx":"z","at":3}\n');
  expect(() => new FolderCountyStore(folder).load()).toThrow('unreadable line');
});

test('decisions older than 30 county days are forgotten at the next start', () => {
  const store = fresh();
  store.append([
    { d: 'go', tx: 'old', at: DAY_MS },
    { d: 'go', tx: 'new', at: 39 * DAY_MS },
  ]);
  store.savePosition(40 * DAY_MS);
  store.close();
  const again = new FolderCountyStore(folder);
  expect(again.load()?.decisions.map((entry) => ('tx' in entry ? entry.tx : ''))).toEqual(['new']);
  again.append([{ d: 'go', tx: 'newer', at: 40 * DAY_MS }]);
  again.close();
  expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
});
