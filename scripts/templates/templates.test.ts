import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Route } from '../../packages/identity/src/index.ts';
import { anyParts } from '../openapi/parts.ts';
import { ROOT } from '../repository.ts';
import { newFeature, newRoute, newSource } from './index.ts';
import { appendToList } from './result.ts';

let root: string;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-'));
  for (const path of ['packages/catalogue/features', 'packages/contracts/src']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a new feature is an entry of its family with the keys of its neighbours', () => {
  const result = newFeature(root, ['transfers-out-amounts', 'out_night_count_1d']);
  expect(result).toMatchObject({ kind: 'written', written: ['packages/catalogue/features/transfers-out-amounts.yaml'] });
  const entries = parse(read('packages/catalogue/features/transfers-out-amounts.yaml')) as Record<string, unknown>[];
  expect(entries.at(-1)?.['id']).toBe('out_night_count_1d');
  expect(Object.keys(entries.at(-1) ?? {})).toEqual(Object.keys(entries[0] ?? {}));
  expect(newFeature(root, ['transfers-out-amounts', 'out_night_count_1d'])).toMatchObject({ kind: 'refused' });
  expect(newFeature(root, ['no-such-family', 'x'])).toMatchObject({ kind: 'refused' });
  expect(newFeature(root, ['transfers-out-amounts', 'Bad Id'])).toMatchObject({ kind: 'refused' });
});

test('a new source stands in both lists of contracts, once', () => {
  expect(newSource(root, ['rail'])).toMatchObject({ kind: 'written' });
  expect(read('packages/contracts/src/sources/rail.ts')).toContain('export const rail: SourceEntry');
  expect(read('packages/contracts/src/sources/index.ts')).toMatch(
    /import \{ rail \} from '.\/rail.ts';[^]*SOURCES[^=]*=[^}]*\bloc,\s*rail,?\s*\}/,
  );
  expect(read('packages/contracts/src/source.ts')).toMatch(/STREAM_NAMES = \[[^\]]*'loc',\s*'rail',?\s*\]/);
  expect(newSource(root, ['rail'])).toMatchObject({ kind: 'refused' });
});

test.each([
  ['bank-gateway', 'src/index.ts', 'gatewayRoutes', '/v1/holds/:id/look-again'],
  ['command-center', 'src/routes/index.ts', 'routes', '/api/holds/:id/look-again'],
  ['field', 'src/routes/index.ts', 'routes', '/api/holds/:id/look-again'],
])('a new route of %s has a test beside it and is among those that the service answers', async (service, list, name, path) => {
  const folder = `services/${service}`;
  cpSync(join(ROOT, folder, 'src'), join(root, folder, 'src'), { recursive: true });
  symlinkSync(join(ROOT, folder, 'node_modules'), join(root, folder, 'node_modules'));
  expect(newRoute(root, [service, 'holds', 'look-again'])).toMatchObject({ kind: 'written' });
  expect(read(`${folder}/src/routes/holds/look-again.test.ts`)).toContain('lookAgainHolds().access');
  const made = (await import(join(root, folder, list))) as Record<string, (context: never) => readonly Route[]>;
  expect(made[name]?.(anyParts()).map((route) => route.path)).toContain(path);
  expect(newRoute(root, [service, 'holds', 'look-again'])).toMatchObject({ kind: 'refused' });
});

test('a route is refused where nobody would read it', () => {
  expect(newRoute(ROOT, ['scorer', 'state', 'show'])).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('bank-gateway, command-center, field'),
  });
  expect(newRoute(ROOT, ['no-such', 'tasks', 'accept'])).toMatchObject({ kind: 'refused' });
  expect(newRoute(ROOT, ['field', '../x', 'accept'])).toMatchObject({ kind: 'refused' });
});

test('an item is added to a list however it is written', () => {
  const list = /L = \[[^\]]*(?=\])/;
  expect(appendToList('L = [a, b]; x', list, 'c')).toBe('L = [a, b, c]; x');
  expect(appendToList('L = [\n  a,\n  b,\n];', list, 'c')).toBe('L = [\n  a,\n  b, c\n];');
  expect(appendToList('L = [];', list, 'c')).toBe('L = [ c];');
  expect(appendToList('M = [];', list, 'c')).toBeUndefined();
});
