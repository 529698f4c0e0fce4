import { expect, test } from 'vitest';
import { checkReturn, RETURN_MS } from './index.ts';

const request = { from: 'A', to: 'B', byStation: true, toldMs: 0, nowMs: RETURN_MS, returned: [] };

test('a station returns an incident once and within five minutes, the next one may return it on', () => {
  expect(() => checkReturn(request)).not.toThrow();
  expect(() => checkReturn({ ...request, nowMs: RETURN_MS + 1 })).toThrow('five minutes');
  expect(() => checkReturn({ ...request, returned: ['A'] })).toThrow('once');
  expect(() => checkReturn({ ...request, from: 'B', to: 'C', returned: ['A'] })).not.toThrow();
  expect(() => checkReturn({ ...request, from: 'B', to: 'A', returned: ['A'] })).not.toThrow();
  expect(() => checkReturn({ ...request, to: 'A' })).toThrow('already');
});

test("the county's desk sends an incident elsewhere at any time", () => {
  expect(() => checkReturn({ ...request, byStation: false, nowMs: 1e9, returned: ['A'] })).not.toThrow();
});
