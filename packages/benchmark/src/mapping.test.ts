import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SkyeyeError } from '@skyeye/foundation';
import { expect, test } from 'vitest';
import { parseMapping } from './mapping.ts';

const columns = 'columns: { time: t, payer: p, payee: q, amount: a, label: y }\n';
const one = (feature: string): string => `${columns}features:\n  - ${feature}\n`;

function refusal(text: string): string {
  try {
    parseMapping(text);
  } catch (error) {
    if (error instanceof SkyeyeError) return `${error.code} ${Object.values(error.facts).join(' ')}`;
    throw error;
  }
  return 'accepted';
}

test('the mapping of the Handbook is valid', () => {
  const mapping = parseMapping(readFileSync(join(import.meta.dirname, '../mappings/handbook.yaml'), 'utf8'));
  expect(mapping.columns.payer).toBe('CUSTOMER_ID');
  expect(mapping.features.length).toBeGreaterThan(40);
});

test('short forms of columns get their defaults', () => {
  const { columns: read } = parseMapping(one('{ id: n1, keyedBy: payer, formula: "count(pay, 1d)" }'));
  expect(read.time).toEqual({ column: 't', as: 'text' });
  expect(read.amount).toEqual({ column: 'a', unit: 'yuan' });
  expect([...read.label.fraud]).toEqual(['1', 'true']);
});

test.each([
  ['text that is not YAML', 'columns: {', 'BENCHMARK_MAPPING_INVALID'],
  ['a missing column', one('{ id: n1, keyedBy: payer, formula: "count(pay, 1d)" }').replace('payer: p, ', ''), /payer/],
  ['an unknown entry', `${one('{ id: n1, keyedBy: payer, formula: "count(pay, 1d)" }')}more: 1\n`, /more/],
  ['an unknown kind of key', one('{ id: n1, keyedBy: shop, formula: "count(pay, 1d)" }'), /keyedBy/],
  [
    'an id twice',
    `${one('{ id: n1, keyedBy: payer, formula: cur.amt }')}  - { id: n1, keyedBy: payer, formula: cur.amt }\n`,
    /n1 stands there twice/,
  ],
  ['a formula that does not parse', one('{ id: n1, keyedBy: payer, formula: "count(pay" }'), /BENCHMARK_FORMULA_INVALID n1/],
  [
    'an unknown field',
    one('{ id: n1, keyedBy: payer, formula: "sum(pay.amount, 1d)" }'),
    /BENCHMARK_FORMULA_INVALID n1 line 1, column \d+.*amount/,
  ],
  ['unlike units', one('{ id: n1, keyedBy: payer, formula: "count(pay, 1d) + cur.amt" }'), /BENCHMARK_FORMULA_INVALID n1/],
  ['a value that is no number', one('{ id: n1, keyedBy: payer, formula: "cur.acct" }'), /neither a number/],
])('refuses %s and says where', (_what, text, message) => {
  expect(refusal(text)).toMatch(message);
});
