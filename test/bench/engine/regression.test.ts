import { expect, test } from 'vitest';
import { countyOf, engineOf, foldMicroseconds } from './county.ts';

/** How many parses an event may cost at most: some three times what it was when this was written. A share that fell that far is no noise. */
const PARSES_MAX = 100;
const ROUNDS = 3;

/** Times of one process against each other: nothing here depends on the machine's speed. */
test('folding an event costs no more than so many parses of it', { timeout: 120_000 }, () => {
  const { references, events } = countyOf(300, 2, 8_000);
  const lines = events.map((event) => JSON.stringify(event));
  let [fold, parse] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.threadCpuUsage();
    for (const line of lines) if (typeof JSON.parse(line) !== 'object') throw new Error('a line is no event');
    const { user, system } = process.threadCpuUsage(before);
    parse = Math.min(parse, (user + system) / lines.length);
    fold = Math.min(fold, foldMicroseconds(engineOf(references), events));
  }
  console.log(`an event: parsed in ${parse.toFixed(2)} µs, folded in ${fold.toFixed(1)} µs, ${(fold / parse).toFixed(1)} parses`);
  expect(fold / parse).toBeLessThan(PARSES_MAX);
});
