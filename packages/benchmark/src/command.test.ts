import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../bin/benchmark.ts');
const MAPPING = join(import.meta.dirname, '../mappings/handbook.yaml');

const run = (...argv: readonly string[]) => spawnSync(process.execPath, [MAIN, ...argv], { encoding: 'utf8', timeout: 100_000 });

test('generates, trains and tests by command, and gives the same twice', { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'labelled-'));
  try {
    const made = run(
      'generate-handbook',
      '--out',
      join(folder, 'data'),
      '--customers',
      '200',
      '--terminals',
      '400',
      '--days',
      '50',
      '--radius',
      '20',
    );
    expect(made.status, made.stderr).toBe(0);
    expect(readdirSync(join(folder, 'data'))).toHaveLength(50);
    const labelled = (file: string) =>
      run(
        'labelled',
        '--data',
        join(folder, 'data'),
        '--mapping',
        MAPPING,
        '--train-start',
        '2018-04-22',
        '--folds',
        '1',
        '--json',
        join(folder, file),
      );
    const first = labelled('a.json');
    expect(first.status, first.stderr).toBe(0);
    expect(first.stdout).toContain('average precision');
    expect(labelled('b.json').stdout).toBe(first.stdout);
    const read = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')) as {
      chosen: string;
      result: { averagePrecision: { mean: number } };
      folds: { trainStart: string; measures: Record<string, unknown> }[];
    };
    expect(read.folds.map(({ trainStart }) => trainStart)).toEqual(['2018-04-22']);
    expect(read.folds[0]?.measures[read.chosen]).toBeDefined();
    expect(read.result.averagePrecision.mean).toBeGreaterThan(0.3);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('mistakes are said in one go and the exit code is 2', () => {
  const { status, stderr } = run('labelled', '--data', 'x', '--train-start', 'tomorrow');
  expect(status).toBe(2);
  expect(stderr).toContain('--mapping');
  expect(stderr).toContain('--train-start');
  const gone = run('labelled', '--data', 'gone', '--mapping', MAPPING, '--train-start', '2018-04-22');
  expect([gone.status, gone.stderr]).toEqual([2, 'the table cannot be read\n  file: gone\n  reason: there is no such file or folder\n']);
  expect(run('labeled').stderr).toContain('did you mean "labelled"');
});
