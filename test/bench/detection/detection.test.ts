import { expect, test } from 'vitest';
import { Additive } from './additive.ts';
import { interval, median, rate, share } from './interval.ts';
import { moneyLeft, stoppedOfAll, victims } from './measures.ts';
import { productMaker } from './product.ts';
import { runCounty, type RunOptions } from './run-county.ts';
import type { Subject } from './subject.ts';
import { aimsOf, lineOf } from './table.ts';

const small: RunOptions = { seed: 51, residents: 300, days: 0.9, times: 900, province: 'home' };

/** Sees nothing and lets everything go. */
const blind: Subject = {
  name: 'blind',
  learn: () => undefined,
  fold: () => Promise.resolve([]),
  tick: () => Promise.resolve([]),
  ask: () => Promise.resolve({ outcome: 'allow', signal: false, said: null, insists: 'release', alert: null }),
  found: () => [],
  signalMs: () => undefined,
  judgements: () => [],
};

test('when nobody looks, everything is lost', async () => {
  const list = victims(await runCounty(small, blind));
  expect(list.length).toBeGreaterThan(0);
  expect(stoppedOfAll(list).value).toBe(0);
  expect(moneyLeft(list).value).toBe(1);
});

test('a bank that holds everything, and tellers, keep money back', async () => {
  const holding: Subject = {
    ...blind,
    ask: () => Promise.resolve({ outcome: 'hold', signal: true, said: null, insists: 'release', alert: null }),
  };
  expect(moneyLeft(victims(await runCounty({ ...small, residents: 1200, days: 1.2 }, holding))).value).toBeLessThan(1);
});

test('the product and adding up run a county and say the same twice', { timeout: 240_000 }, async () => {
  const make = await productMaker(null);
  const [first, again] = [await runCounty(small, make()), await runCounty(small, make())];
  expect(first.alerts.length).toBeGreaterThan(0);
  expect(again.alerts).toEqual(first.alerts);
  expect(victims(again)).toEqual(victims(first));
  expect((await runCounty(small, new Additive())).events).toBeGreaterThan(1000);
});

test('intervals hold their value, and none of many says how many there were', () => {
  const made = interval([1, 2, 3, 4], (units) => units.reduce((sum, unit) => sum + unit, 0) / units.length);
  expect(made.value).toBe(2.5);
  expect(made.low).toBeLessThan(2.5);
  expect(made.high).toBeGreaterThan(2.5);
  expect(share([0, 0, 0, 0, 0, 0], (unit) => unit > 0)).toMatchObject({ value: 0, low: 0, high: 0.5, of: 6 });
  expect(rate([], 6, 1)).toMatchObject({ value: 0, high: 0.5 });
  expect(median([3, 1, 2])).toBe(2);
});

test('a row says what was reached', () => {
  const row = { name: 'ECE', value: 0.03, low: 0.02, high: 0.04, of: 10, ...aimsOf('ECE of the model', 'other'), baseline: null };
  expect(lineOf(row)).toContain('met');
  expect(lineOf({ ...row, ...aimsOf('ECE of the model', 'home') })).toContain('missed');
});
