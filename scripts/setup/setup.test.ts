import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installStamp } from './install.mjs';
import { WEB_APPS, webStamp } from './web.mjs';

let root: string;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'));
  write('pnpm-lock.yaml', 'a');
  write('pnpm-workspace.yaml', 'b');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('another lockfile asks for another installation', () => {
  const before = installStamp(root);
  expect(installStamp(root)).toBe(before);
  write('pnpm-lock.yaml', 'c');
  expect(installStamp(root)).not.toBe(before);
});

test('a web app is stale after a change of its sources or of contracts, not of its tests or its own output', () => {
  const app = WEB_APPS[0] ?? '';
  write(`${app}/src/main.tsx`, '1');
  write('packages/contracts/src/index.ts', '1');
  const before = webStamp(app, root);
  write(`${app}/dist/index.html`, 'built');
  write(`${app}/src/main.test.tsx`, 'test');
  expect(webStamp(app, root)).toBe(before);
  write('packages/contracts/src/index.ts', '2');
  const afterContracts = webStamp(app, root);
  expect(afterContracts).not.toBe(before);
  write(`${app}/src/other.tsx`, '');
  expect(webStamp(app, root)).not.toBe(afterContracts);
});
