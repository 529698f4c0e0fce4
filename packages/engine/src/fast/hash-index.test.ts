import { expect, test } from 'vitest';
import { HashIndex, SEGMENT_MASK } from './hash-index.ts';
import { Chance } from './testing/random-events.ts';

function numbersOf(index: HashIndex, hash: number): number[] {
  const found: number[] = [...index.spilled(hash)];
  const from = index.from(hash);
  for (let at = hash & SEGMENT_MASK; index.places[(from + at) * 2 + 1] !== 0; at = (at + 1) & SEGMENT_MASK)
    if (index.places[(from + at) * 2] === hash) found.push((index.places[(from + at) * 2 + 1] as number) - 1);
  return found.sort((a, b) => a - b);
}

test('finds what was entered and nothing that was taken out, whatever the order and however it grew', () => {
  const chance = new Chance(7);
  const index = new HashIndex();
  const known = new Map<number, number[]>();
  for (let number = 0; number < 12_000; number++) {
    const hash = chance.below(2) === 0 ? Math.imul(number, 0x9e3779b1) : chance.below(9_000) << 19;
    index.insert(hash, number);
    known.set(hash, [...(known.get(hash) ?? []), number]);
    if (chance.below(3) > 0) continue;
    const [of = 0] = [...known.keys()].slice(-1 - chance.below(Math.min(known.size, 50)));
    const numbers = known.get(of) ?? [];
    const gone = numbers.pop();
    if (gone !== undefined) index.remove(of, gone);
  }
  for (const [hash, numbers] of known) expect(numbersOf(index, hash)).toEqual(numbers.toSorted((a, b) => a - b));
});

test('hashes that are all the same spill, are found, replaced and taken out', () => {
  const index = new HashIndex();
  for (let number = 0; number < 3_000; number++) index.insert(-5, number);
  expect(index.hasSpilled).toBe(true);
  for (let number = 0; number < 3_000; number += 2) index.remove(-5, number);
  for (let number = 1; number < 3_000; number += 2) index.replace(-5, number, number + 10_000);
  expect(numbersOf(index, -5)).toEqual(Array.from({ length: 1_500 }, (_, half) => 10_001 + half * 2));
  expect(numbersOf(index, 5)).toEqual([]);
});
