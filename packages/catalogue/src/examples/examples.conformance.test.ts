import { expect, test } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { readEvents } from './event-text.ts';
import { runExample } from './run-example.ts';

const { features } = loadCatalogue();

test.each(features.map((feature) => [feature.id, feature] as const))('%s: every worked example holds', (_id, feature) => {
  for (const example of feature.examples) {
    const { expected, actual, holds } = runExample(feature, example);
    expect({ says: example.says, value: actual }, example.says).toEqual({ says: example.says, value: holds ? actual : expected });
  }
});

test('in every feature some example fires', () => {
  const silent = features.filter((feature) => !feature.examples.some((example) => feature.fire(runExample(feature, example).actual)));
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test('a wrong example is found', () => {
  const feature = features[0];
  const example = feature?.examples[0];
  if (feature === undefined || example === undefined) throw new Error('the catalogue is empty');
  expect(runExample(feature, { ...example, gives: 1 }).holds).toBe(false);
});

test('a repeated line numbers its events', () => {
  const events = readEvents(['call out peer=N## dur_s=5 !answered @ 1h +30s x2'], { phone: 'K' });
  expect(events.map(({ id, peer, answered, phone }) => [id, peer, answered, phone])).toEqual([
    ['e0001', 'N01', false, 'K'],
    ['e0002', 'N02', false, 'K'],
  ]);
});

test.each([
  ['fund out 5y'],
  ['pigeon out @ 0s'],
  ['fund sideways @ 0s'],
  ['fund out nosuch=1 @ 0s'],
  ['call in cli_kind=pigeon @ 0s'],
  ['fund out 5y @ soon'],
])('the line "%s" is refused', (line) => {
  expect(() => readEvents([line], {})).toThrow(/worked example/);
});
