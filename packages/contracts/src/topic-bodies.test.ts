import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepFiles } from '../bin/keep-files.ts';
import { ALL_TOPICS, eventSchema, jsonSchemaOf, rawReference, referenceRecord, SOURCES, STREAM_NAMES, topicBodies } from './index.ts';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'skyeye-contracts-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

test('every topic has a schema, and every one can be said as JSON Schema', () => {
  const bodies = topicBodies();
  expect(Object.keys(bodies).sort()).toEqual(ALL_TOPICS.map(({ name }) => name).sort());
  for (const body of Object.values(bodies)) expect(() => jsonSchemaOf(body, 'input')).not.toThrow();
  for (const stream of STREAM_NAMES)
    expect(jsonSchemaOf(eventSchema(stream), 'output')).toMatchObject({ type: 'object', additionalProperties: false });
  expect(jsonSchemaOf(SOURCES.bank.raw, 'input')).toMatchObject({
    properties: { amt: { type: 'integer', minimum: 1 } },
    additionalProperties: false,
  });
});

test('a reference record passes with tokens, and not with a name or an address', () => {
  const {
    name: _,
    address: __,
    ...person
  } = rawReference.parse({ id: 'r1', kind: 'person', person: 'p_a', name: '王', address: '某路1号' }) as Record<string, unknown>;
  expect(referenceRecord.safeParse(person).success).toBe(true);
  expect(referenceRecord.safeParse({ ...person, name: '王' }).success).toBe(false);
});

test('a stale file and one that nobody writes any more are found, and writing mends both', () => {
  const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const keep = (checkOnly: boolean) => keepFiles({ root, folders: ['raw'], files: { 'raw/a.json': 'new' }, checkOnly });
  expect(keep(true)).toBe(1);
  expect(keep(false)).toBe(0);
  expect(keep(true)).toBe(0);
  writeFileSync(join(root, 'raw/a.json'), 'old');
  writeFileSync(join(root, 'raw/b.json'), '');
  complained.mockClear();
  expect(keep(true)).toBe(1);
  expect(complained).toHaveBeenCalledTimes(2);
  expect(keep(false)).toBe(0);
  expect(readFileSync(join(root, 'raw/a.json'), 'utf8')).toBe('new');
  expect(keep(true)).toBe(0);
});
