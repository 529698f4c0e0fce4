import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@skyeye/catalogue';
import { DIMS, SOURCES } from '@skyeye/contracts';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** As a word of a name, in the spellings that registers use. */
const FORBIDDEN =
  /(?:^|_)(?:ethnic\w*|ethnos|minzu|mz|race|racial|nationality|religion|religious|faith|creed|zongjiao|mosque|church)(?:_|$)/;
const FORBIDDEN_TEXT = /民族|族别|宗教|信仰/u;

const words = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
const isForbidden = (name: string): boolean => FORBIDDEN.test(words(name)) || FORBIDDEN_TEXT.test(name);

/** Names of properties and values of enums, wherever they stand in a schema. */
function namesIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'enum'
      ? (value as unknown[]).map(String)
      : key === 'properties'
        ? [...Object.keys(value as object), ...namesIn(value)]
        : namesIn(value),
  );
}

test('ethnicity and religion are in no schema: not of sources, reference data, topics, routes, databases or features', () => {
  const schemas = globSync('packages/contracts/generated/**/*.json', { cwd: ROOT });
  expect(schemas.length).toBeGreaterThan(20);
  const tables = globSync('packages/*/migrations/*.sql', { cwd: ROOT });
  expect(tables.length).toBeGreaterThan(5);
  const names = [
    ...schemas.flatMap((path) => namesIn(JSON.parse(readFileSync(join(ROOT, path), 'utf8')))),
    ...tables.flatMap((path) => readFileSync(join(ROOT, path), 'utf8').match(/[a-z_]+/g) ?? []),
    ...Object.values(SOURCES).flatMap(({ fields }) => Object.keys(fields)),
    ...Object.keys(DIMS),
    ...loadCatalogue().features.flatMap(({ id, name }) => [id, name.zh]),
  ];
  expect(names.length).toBeGreaterThan(1_000);
  expect([...new Set(names.filter(isForbidden))]).toEqual([]);
});

test('the check finds what it looks for, in any spelling, and is no mere search for letters', () => {
  for (const name of ['ethnicity', 'residentEthnicGroup', 'minzu', '民族', 'religion_code', 'person_race'])
    expect([name, isForbidden(name)]).toEqual([name, true]);
  for (const name of ['trace_id', 'embrace', 'interface', 'race_condition_x'.slice(5), 'faithful_copy'])
    expect([name, isForbidden(name)]).toEqual([name, false]);
  expect(namesIn({ properties: { a: { properties: { religion: {} } } } })).toContain('religion');
});

test('where somebody is registered measures fairness and is seen by no feature', () => {
  expect(Object.keys(DIMS)).not.toContain('local');
  const formulas = globSync('packages/catalogue/features/*.yaml', { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), 'utf8'));
  expect(formulas.some((text) => /dim\.local\b/.test(text))).toBe(false);
});
