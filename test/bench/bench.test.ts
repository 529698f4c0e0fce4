import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from '../lib/county.ts';
import { percentile } from './row.ts';

test('a percentile is a number of the list', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile([], 0.5)]).toEqual([50, 99, 0]);
});

test('every benchmark runs with tiny inputs and writes its rows', { timeout: 300_000 }, () => {
  const folder = temporaryFolder('bench-json');
  try {
    const file = join(folder.path, 'rows.json');
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(ROOT, 'test/bench/main.ts'), '--seconds', '0.2', '--json', file], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 280_000,
    });
    expect(stderr).toBe('');
    expect(status, stdout).toBe(0);
    const rows = JSON.parse(readFileSync(file, 'utf8')) as { name: string; value: number; aim: number; met: boolean }[];
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows)
      expect({ name: row.name, finite: Number.isFinite(row.value), met: typeof row.met }).toEqual({
        name: row.name,
        finite: true,
        met: 'boolean',
      });
  } finally {
    folder.remove();
  }
});
