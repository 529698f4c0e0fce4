import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendToList, refused, type Result } from './result.ts';

const SRC = 'packages/contracts/src';

const entry = (name: string): string => `import type { Fields } from '../field.ts';
import { MINUTE_MS, oneEvent, rawShape, type SourceEntry } from '../source.ts';

const fields = {
  ev: { type: 'enum', values: ['seen'], origin: 'R', nullable: false, says: 'what happened' },
} satisfies Fields;

/** What this source is, who provides it, and where its fields are defined. */
export const ${name}: SourceEntry = {
  stream: '${name}',
  source: 'S19',
  name: { zh: '${name}', en: '${name}' },
  timeMeans: 't = when it happened, by the clock of the provider',
  coverageGated: true,
  delay: { p50Ms: MINUTE_MS, p99Ms: 10 * MINUTE_MS, allowedLatenessMs: 30 * MINUTE_MS },
  ego: ['phone'],
  fields,
  raw: rawShape(fields, ['phone']),
  normalise: oneEvent('${name}', 'S19'),
};
`;

const firstTest = (name: string): string => `import { expect, test } from 'vitest';
import { ${name} } from './${name}.ts';

test('a record of the provider becomes one event', () => {
  // Put a record here as the provider writes it; this one lacks what your source requires.
  const record = ${name}.raw.parse({ id: 'r1', t: Date.UTC(2025, 0, 1) });
  expect(${name}.normalise(record)).toEqual([]);
});
`;

/** Writes a source and its first test, and names it in the two lists of contracts. */
export function newSource(root: string, [name = '']: readonly string[]): Result {
  if (!/^[a-z][a-z0-9]*$/.test(name)) return refused(`"${name}" is not the name of a stream: small letters and digits`);
  const file = `${SRC}/sources/${name}.ts`;
  if (existsSync(join(root, file))) return refused(`${file} is there already`);
  const indexFile = `${SRC}/sources/index.ts`;
  const namesFile = `${SRC}/source.ts`;
  const index = appendToList(readFileSync(join(root, indexFile), 'utf8'), /export const SOURCES[^=]*=\s*\{[^}]*(?=\})/, name);
  const names = appendToList(readFileSync(join(root, namesFile), 'utf8'), /export const STREAM_NAMES = \[[^\]]*(?=\])/, `'${name}'`);
  if (index === undefined || names === undefined)
    return refused(`the lists SOURCES (${indexFile}) and STREAM_NAMES (${namesFile}) were not found; add "${name}" by hand`);
  writeFileSync(join(root, file), entry(name));
  writeFileSync(join(root, `${SRC}/sources/${name}.test.ts`), firstTest(name));
  writeFileSync(join(root, indexFile), `import { ${name} } from './${name}.ts';\n${index}`);
  writeFileSync(join(root, namesFile), names);
  return {
    kind: 'written',
    written: [file, `${SRC}/sources/${name}.test.ts`, indexFile, namesFile],
    next: `Describe its fields, then: pnpm generate && pnpm test:unit ${SRC}/sources/${name}`,
  };
}
