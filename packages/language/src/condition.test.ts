import { expect, test } from 'vitest';
import { parseCondition } from './condition.ts';
import type { FieldType } from './schema.ts';

const FACTS: Readonly<Record<string, FieldType>> = {
  score: { type: 'num', unit: 'ratio' },
  amount: { type: 'fen' },
  waits: { type: 'int', unit: 's' },
  contact: { type: 'bool' },
  level: { type: 'enum', values: ['none', 'P1'] },
};

test.each([
  ['score >= 0.8 && (contact || level == P1)', { score: 0.8, contact: false, level: 'P1' }, true],
  ['amount >= 5000y', { amount: 499_999 }, false],
  ['amount >= 5000y', {}, null],
  ['amount >= 5000y || contact', { contact: true }, true],
  ['!contact && score > 0.5', { contact: true }, false],
])('%s of %o is %s', (source, facts, result) => {
  expect(parseCondition(source, FACTS).test(facts)).toBe(result);
});

test('it names the facts it reads, each once', () => {
  expect(parseCondition('score > 0.5 || score < 0.1 && contact', FACTS).names).toEqual(['score', 'contact']);
});

test.each([
  ['scor >= 0.8', /no fact "scor".*score/s],
  ['amount >= waits', /fen.*s/s],
  ['score + 0.1', /true or false/],
  ['count(call, 24h) >= 1', /facts, not events/],
  ['level == P9', /P9/],
])('it refuses %s', (source, says) => {
  expect(() => parseCondition(source, FACTS)).toThrow(says);
});
