import { expect, test } from 'vitest';
import { aucRoc, averagePrecision, cardPrecision, deviationOf } from './metrics.ts';

test('the area under the ROC curve is the share of pairs in the right order, ties half', () => {
  expect(aucRoc({ scores: [0.9, 0.8, 0.7, 0.6], labels: [1, 0, 1, 0] })).toBeCloseTo(3 / 4, 12);
  expect(aucRoc({ scores: [0.5, 0.5, 0.1], labels: [1, 0, 0] })).toBeCloseTo(0.75, 12);
  expect(aucRoc({ scores: [1, 1, 1, 1], labels: [1, 0, 1, 0] })).toBe(0.5);
});

test('average precision sums precision over the steps of recall, rows of one score at once', () => {
  // Precision 1 at the first fraud, 2/3 at the second.
  expect(averagePrecision({ scores: [0.9, 0.8, 0.7, 0.6], labels: [1, 0, 1, 0] })).toBeCloseTo((1 + 2 / 3) / 2, 12);
  // The worked example of scikit-learn's documentation.
  expect(averagePrecision({ scores: [0.1, 0.4, 0.35, 0.8], labels: [0, 0, 1, 1] })).toBeCloseTo(0.8333333, 6);
  expect(averagePrecision({ scores: [0.5, 0.5, 0.5, 0.5], labels: [1, 0, 0, 0] })).toBe(0.25);
});

test('card precision takes the highest score and any fraud of a card and day, which need not be of one payment', () => {
  const judged = { scores: [0.9, 0.1, 0.5, 0.4], labels: [0, 1, 0, 0], cards: [7, 7, 8, 9], days: [0, 0, 0, 0] };
  expect(cardPrecision(judged, 1).perDay).toEqual([1]);
  expect(cardPrecision(judged, 2).perDay).toEqual([0.5]);
});

test('a card that was found is left out on later days, one that was missed is not', () => {
  const judged = {
    scores: [0.9, 0.8, 0.1, 0.9, 0.2, 0.3],
    labels: [1, 0, 1, 1, 0, 1],
    cards: [1, 2, 3, 1, 2, 3],
    days: [0, 0, 0, 1, 1, 1],
  };
  const { perDay, defraudedPerDay, mean } = cardPrecision(judged, 1);
  expect(perDay).toEqual([1, 1]);
  expect(defraudedPerDay).toEqual([2, 1]);
  expect(mean).toBe(1);
});

test('with fewer cards than are looked at, the share is still of all places', () => {
  expect(cardPrecision({ scores: [1, 0], labels: [1, 0], cards: [1, 2], days: [0, 0] }, 100).mean).toBe(0.01);
});

test('the deviation is that of the whole, not of a sample', () => {
  expect(deviationOf([1, 3])).toBe(1);
});
