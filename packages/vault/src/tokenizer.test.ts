import { expect, test } from 'vitest';
import { kindOfToken, masterKeyFrom, tokenizer, TOKEN_LETTERS } from './index.ts';

const key = masterKeyFrom(Buffer.alloc(32, 7));
const DAY = 86_400_000;
const T = Date.UTC(2026, 8, 16, 2);

test('a token has the prefix of its kind and letters only, so that no run of digits can be taken for a number', () => {
  const token = tokenizer(key).token('phone', '13800005521');
  expect(token).toMatch(new RegExp(`^n_[a-z]{${TOKEN_LETTERS}}$`));
  expect(kindOfToken(token)).toBe('phone');
  expect(kindOfToken('13800005521')).toBeUndefined();
});

test.each([
  ['phone', ['13800005521', '+8613800005521', '0086 138-0000-5521', '86 13800005521', '１３８００００５５２１']],
  ['phone', ['+4420712345', '004420712345']],
  ['acct', ['6217 0000 1111 0093', '6217000011110093', '6217-0000-1111-0093']],
  ['person', ['37152319600101123x', ' 37152319600101123X']],
] as const)('every spelling of one %s gives one token', (kind, spellings) => {
  const tokens = tokenizer(key);
  expect(new Set(spellings.map((spelling) => tokens.token(kind, spelling))).size).toBe(1);
});

test('token of the same text differs by kind and by key, and a second tokenizer of the same key agrees', () => {
  const other = masterKeyFrom(Buffer.alloc(32, 8));
  expect(tokenizer(key).token('phone', '1').slice(2)).not.toBe(tokenizer(key).token('acct', '1').slice(2));
  expect(tokenizer(key).token('phone', '1')).not.toBe(tokenizer(other).token('phone', '1'));
  expect(tokenizer(key).token('phone', '1')).toBe(tokenizer(key, 1).token('phone', '1'));
});

test('kinds that name nobody stay readable', () => {
  expect(tokenizer(key).token('domain', 'Evil.Example ')).toBe('evil.example');
  expect(tokenizer(key).token('merchant', 'M1')).toBe('M1');
});

test('a full cache forgets and still gives the same token', () => {
  const small = tokenizer(key, 2);
  const first = small.token('phone', '13800000001');
  for (let n = 2; n < 10; n++) small.token('phone', `1380000000${n}`);
  expect(small.token('phone', '13800000001')).toBe(first);
});

test('numbers dialled one after the other stay neighbours, whoever reads them cannot tell the numbers', () => {
  const tokens = tokenizer(key);
  const dials = ['13800000001', '13800000002', '13800000003'].map((callee) => tokens.dial('01088889999', callee, T) ?? 0);
  const range = 100_000_000_000;
  expect((dials[1] ?? 0) - (dials[0] ?? 0) + range).toSatisfy((difference: number) => difference % range === 1);
  expect(((dials[2] ?? 0) - (dials[1] ?? 0) + range) % range).toBe(1);
  expect(dials[0]).not.toBe(13_800_000_001);
  expect(tokens.dial('01088889999', '13800000001', T + DAY)).not.toBe(dials[0]);
  expect(tokens.dial('01088880000', '13800000001', T)).not.toBe(dials[0]);
  expect(tokens.dial('01088889999', 'CMCC', T)).toBeNull();
});

test('the shift changes at midnight of the county, not of Greenwich', () => {
  const tokens = tokenizer(key);
  const midnight = Date.UTC(2026, 8, 16, 16);
  expect(tokens.dial('1', '13800000001', midnight - 1)).toBe(tokens.dial('1', '13800000001', midnight - DAY));
  expect(tokens.dial('1', '13800000001', midnight)).not.toBe(tokens.dial('1', '13800000001', midnight - 1));
});
