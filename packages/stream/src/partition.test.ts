import { expect, test } from 'vitest';
import { murmur2, partitionOf } from './partition.ts';

test("agrees with the values of Kafka's own test (UtilsTest.testMurmur2)", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const cases: readonly (readonly [string, number])[] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [text, hash] of cases) expect(murmur2(bytes(text))).toBe(hash);
});

test('a partition is always in range', () => {
  for (let i = 0; i < 1000; i++) {
    const partition = partitionOf(`人${i}`, 7);
    expect(partition >= 0 && partition < 7).toBe(true);
  }
});
