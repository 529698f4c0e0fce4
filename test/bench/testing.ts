import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT, temporaryFolder } from '../lib/county.ts';

/** Runs benchmarks with tiny inputs, as `pnpm bench` does, and looks at the form of what they write. @returns the rows of --json */
export function benched(names: readonly string[]): readonly { readonly name: string; readonly value: number }[] {
  const folder = temporaryFolder('bench-json');
  try {
    const file = join(folder.path, 'rows.json');
    const args = [join(ROOT, 'test/bench/main.ts'), ...names, '--seconds', '0.2', '--json', file];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', timeout: 280_000 });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    const rows = JSON.parse(readFileSync(file, 'utf8')) as { name: string; value: number; ratio: number | null; met: boolean }[];
    for (const row of rows)
      expect({
        name: row.name,
        finite: Number.isFinite(row.value),
        ratio: row.ratio === null || row.ratio >= 0,
        met: typeof row.met,
      }).toEqual({
        name: row.name,
        finite: true,
        ratio: true,
        met: 'boolean',
      });
    return rows;
  } finally {
    folder.remove();
  }
}
