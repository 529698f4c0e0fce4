import { expect, test } from 'vitest';
import { withCardRisk } from './card-risk.ts';

const oddsOf = (p: number): number => Math.log(p / (1 - p));
const scores = (rows: readonly (readonly [card: number, day: number, p: number])[]): number[] =>
  [
    ...withCardRisk(
      rows.map(([, , p]) => oddsOf(p)),
      { cards: rows.map(([card]) => card), days: rows.map(([, day]) => day) },
    ),
  ].map((score) => Number(score.toFixed(9)));

test('earlier payments of the card and day add their probabilities, other cards and days none', () => {
  expect(
    scores([
      [1, 0, 0.001],
      [2, 0, 0.001],
      [1, 0, 0.002],
      [1, 0, 0.003],
      [1, 1, 0.001],
    ]),
  ).toEqual([0.001, 0.001, 0.003, 0.006, 0.001]);
});

test('what is added has a limit, and later payments change no earlier score', () => {
  const rows = [
    [1, 0, 0.9],
    [1, 0, 0.1],
    [1, 0, 0.5],
  ] as const;
  expect(scores(rows)).toEqual([0.9, 0.12, 0.52]);
  expect(scores(rows.slice(0, 2))).toEqual([0.9, 0.12]);
});
