import { expect, test } from 'vitest';
import { Lru } from './lru.ts';

test('what was used among the last half of the capacity is there, and more than the capacity never is', () => {
  const cache = new Lru<number, string>(10);
  for (let key = 0; key < 1_000; key++) {
    cache.set(key, String(key));
    for (let back = 0; back < 5 && back <= key; back++) expect(cache.get(key - back)).toBe(String(key - back));
  }
  const kept = Array.from({ length: 1_000 }, (_, key) => key).filter((key) => cache.get(key) !== undefined);
  expect(kept.length).toBeLessThanOrEqual(10);
});

test('what is asked for again stays while others come and go', () => {
  const cache = new Lru<string, number>(8);
  cache.set('asked', 1);
  for (let key = 0; key < 100; key++) {
    cache.set(String(key), key);
    expect(cache.get('asked')).toBe(1);
  }
});

test('a full cache costs no more than an empty one', () => {
  const took = (cache: Lru<number, number>, from: number): number => {
    const { user, system } = process.cpuUsage();
    for (let key = from; key < from + 100_000; key++) cache.set(key, key);
    const after = process.cpuUsage();
    return after.user + after.system - user - system;
  };
  const cache = new Lru<number, number>(200_000);
  const filling = took(cache, 0);
  took(cache, 100_000);
  // Looking for the oldest behind all that was deleted made it hundreds of times as long.
  expect(took(cache, 200_000)).toBeLessThan(20 * filling + 100_000);
});
