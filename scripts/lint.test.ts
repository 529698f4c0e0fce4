import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './repository.ts';

/** Runs our own configuration over made-up files; gives `file:line rule` of everything it finds. */
function lint(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json']) copyFileSync(join(ROOT, name), join(folder, name));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['--type-aware', '--deny-warnings', '-f', 'unix'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return [...stdout.matchAll(/^(\S+?):(\d+):\d+: .*\((\S+)\)\]$/gm)]
      .map(([, path = '', line = '', rule = '']) => `${path}:${line} ${rule}`)
      .toSorted();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the linter refuses what a pure package may not do, forgotten promises, any, and cycles', () => {
  const found = lint({
    'packages/engine/src/a.ts': `import { readFileSync } from 'node:fs';
async function f(): Promise<void> { await Promise.resolve(); }
export function g(): number {
  f();
  [1].forEach(async () => { await f(); });
  void fetch('x');
  const x: any = Math.random();
  return Date.now() + x + readFileSync('a').length;
}
`,
    'packages/engine/src/b.ts': `import { d } from './c.ts';\nexport const b = (): number => d;\n`,
    'packages/engine/src/c.ts': `import { b } from './b.ts';\nexport const d: number = b();\n`,
    'services/scorer/src/main.ts': 'export const startedMs = Date.now() + Math.random();\n',
  });
  expect(found).toEqual([
    'packages/engine/src/a.ts:1 no-restricted-imports',
    'packages/engine/src/a.ts:4 no-floating-promises',
    'packages/engine/src/a.ts:5 no-misused-promises',
    'packages/engine/src/a.ts:6 no-restricted-globals',
    'packages/engine/src/a.ts:7 no-explicit-any',
    'packages/engine/src/a.ts:7 no-restricted-properties',
    'packages/engine/src/a.ts:8 no-restricted-properties',
    'packages/engine/src/b.ts:1 no-cycle',
    'packages/engine/src/c.ts:1 no-cycle',
  ]);
});
