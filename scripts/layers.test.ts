import { expect, test } from 'vitest';
import { importsOf, layerViolations, manifestViolations } from './layer-rules.ts';
import { LAYERS, PURE } from './layers.ts';

const violationsOf = (path: string, text: string): readonly string[] => layerViolations([{ path, text }]);

test.each([
  ['a package that may not be imported', 'packages/language/src/a.ts', `import { x } from '@skyeye/engine';`],
  ['the same over several lines', 'packages/language/src/a.ts', `import {\n  x,\n} from '@skyeye/engine';`],
  ['only a type', 'packages/language/src/a.ts', `import type { X } from '@skyeye/engine';`],
  ['a re-export', 'packages/language/src/a.ts', `export * from '@skyeye/engine';`],
  ['a dynamic import', 'packages/language/src/a.ts', `const x = await import('@skyeye/engine');`],
  ['an import for its effect', 'packages/language/src/a.ts', `import '@skyeye/engine';`],
  ['a service in a service', 'services/ingest/src/a.ts', `import { app } from '@skyeye/scorer';`],
  ['a service in a package', 'packages/ledger/src/a.ts', `import { app } from '@skyeye/scorer';`],
  ['more than contracts in a web app', 'services/field/web/src/a.tsx', `import { x } from '@skyeye/foundation';`],
  ['the inside of another package', 'packages/engine/src/a.ts', `import { x } from '@skyeye/language/src/parser.ts';`],
  ['a way around by a relative path', 'packages/engine/src/a.ts', `import { x } from '../../language/src/parser.ts';`],
  ['the web app of a service', 'services/field/src/a.ts', `import { x } from '../web/src/api.ts';`],
  ['Node in a pure package', 'packages/engine/src/a.ts', `import { readFileSync } from 'node:fs';`],
  ['the clock in a pure package', 'packages/engine/src/a.ts', `const now = new Date();`],
  ['kafkajs outside its adapter', 'packages/stream/src/consumer.ts', `import { Kafka } from 'kafkajs';`],
  ['redis in a service', 'services/scorer/src/a.ts', `import { createClient } from 'redis';`],
  ['pg outside its adapter', 'packages/ledger/src/incidents.ts', `import pg from 'pg';`],
  ['TensorFlow outside its adapter', 'packages/model/src/a.ts', `const tf = require('@tensorflow/tfjs-node');`],
  ['testkit outside a test', 'packages/engine/src/a.ts', `import { person } from '@skyeye/testkit';`],
  ['the truth of a simulation in what scores', 'services/scorer/src/a.ts', `import { labels } from '@skyeye/simulator/labels';`],
  ['itself by its own name', 'packages/engine/src/a.ts', `import { x } from '@skyeye/engine';`],
])('refuses %s', (_what, path, text) => {
  expect(violationsOf(path, text)).toHaveLength(1);
});

test.each([
  ['a declared package', 'packages/engine/src/a.ts', `import { parse } from '@skyeye/language';`],
  ['standalone composing a service', 'services/standalone/src/main.ts', `import { app } from '@skyeye/scorer';`],
  ['kafkajs in its adapter', 'packages/stream/src/adapters/kafka.ts', `import { Kafka } from 'kafkajs';`],
  ['Node in a test of a pure package', 'packages/engine/src/a.test.ts', `import { readFileSync } from 'node:fs';`],
  ['a given time in a pure package', 'packages/engine/src/a.ts', `const day = new Date(nowMs);`],
  ['testkit in a test', 'packages/engine/src/a.test.ts', `import { person } from '@skyeye/testkit';`],
  ['the truth of a simulation in a test', 'packages/detection/src/a.test.ts', `import { labels } from '@skyeye/simulator/labels';`],
  ['a name that stands only in a comment', 'packages/engine/src/a.ts', `// import { x } from '@skyeye/scorer';`],
])('lets pass %s', (_what, path, text) => {
  expect(violationsOf(path, text)).toEqual([]);
});

test('finds every way of naming a module', () => {
  const text = `import a from "a"; export { b } from 'b';\nimport('c'); require('d'); import 'e';`;
  expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a package.json and the table must say the same', () => {
  const layers = { 'packages/a': ['b'], 'packages/b': [], 'packages/gone': [] };
  const manifests = [
    { folder: 'packages/a', dependencies: [], devDependencies: [] },
    { folder: 'packages/b', dependencies: ['a'], devDependencies: ['testkit'] },
    { folder: 'packages/new', dependencies: [], devDependencies: [] },
  ];
  expect(manifestViolations(manifests, layers)).toHaveLength(4);
});

test('pure packages depend on pure packages only, and the table has no cycle', () => {
  const folderOf = (name: string): string => Object.keys(LAYERS).find((folder) => folder.endsWith(`/${name}`)) ?? name;
  for (const folder of PURE) for (const name of LAYERS[folder] ?? []) expect(PURE).toContain(folderOf(name));
  const visit = (folder: string, above: readonly string[]): void => {
    expect(above).not.toContain(folder);
    for (const name of LAYERS[folder] ?? []) visit(folderOf(name), [...above, folder]);
  };
  for (const folder of Object.keys(LAYERS)) visit(folder, []);
});

test('no code that scores can reach the simulator, its labels or its secrets, over any number of packages', () => {
  for (const start of ['services/scorer', 'services/bank-gateway', 'packages/detection', 'packages/model']) {
    const reached = new Set<string>();
    const walk = (name: string): void => {
      for (const next of LAYERS[name] ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        walk(`packages/${next}`);
        walk(`services/${next}`);
      }
    };
    walk(start);
    expect(reached.size, start).toBeGreaterThan(0);
    expect(
      [...reached].filter((name) => name === 'simulator' || name === 'county' || name === 'standalone'),
      start,
    ).toEqual([]);
  }
});
