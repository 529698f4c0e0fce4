import { expect, test } from 'vitest';
import { namedScams } from './named-scams.ts';

test('the model names a type only where one has half of the shares', () => {
  expect(namedScams(new Float32Array([0.2, 0.8, 0.4, 0.35, 0.5, 0.5]), ['svc', 'gov'])).toEqual(['gov', null, 'svc']);
});

test('a type that the contracts do not know is none, and a model without the head names none', () => {
  expect(namedScams(new Float32Array([0, 1]), ['svc', 'unheard-of'])).toEqual([null]);
  expect(namedScams(new Float32Array(0), [])).toEqual([]);
});
