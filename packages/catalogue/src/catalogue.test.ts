import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { loadCatalogue, parseCatalogue } from './catalogue.ts';
import { FEATURE_IDS } from './feature-ids.ts';
import data from './generated/features.json' with { type: 'json' };
import { readTrigger } from './trigger.ts';

const catalogue = loadCatalogue();

test('what the code imports is what the YAML says', () => {
  const { status, stderr } = spawnSync(process.execPath, [`${import.meta.dirname}/../bin/generate.ts`, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('293 features in 14 groups stand in their order', () => {
  expect(catalogue.features.map(({ id }) => id)).toEqual([...FEATURE_IDS]);
  expect(catalogue.features.map(({ order }) => order)).toEqual(FEATURE_IDS.map((_, index) => index));
  expect([catalogue.features.length, catalogue.groups.length]).toEqual([293, 14]);
  expect(catalogue.groups.map(({ code }) => code).join('')).toBe('ABCDEFGHIJKLMN');
});

test('the features of group N, and only they, speak against fraud', () => {
  for (const feature of catalogue.features) expect(feature.fires.weight < 0, feature.id).toBe(feature.group === 'N');
});

test('a reason has its slot exactly where the value says more than yes', () => {
  for (const { id, fires, type } of catalogue.features) {
    for (const says of [fires.reason.zh, fires.reason.en])
      expect(says.includes('{value}'), `${id}: ${says}`).toBe(type !== 'bool' && !NO_SLOT.has(id));
  }
});

/** Their value is a code or a technical number; the sentence says what it means. */
const NO_SLOT = new Set(['num_region_entropy_24h', 'num_gap_cv_1h', 'gf_reciprocity_30d', 'holder_region_risk', 'out_pay_bank_split_24h']);

test('the catalogue is frozen and named by its content', () => {
  expect(Object.isFrozen(catalogue.features[0]?.fires.reason)).toBe(true);
  const [first, ...rest] = data.families;
  expect(parseCatalogue(data.families).version).toBe(catalogue.version);
  expect(parseCatalogue([...rest, first]).version).not.toBe(catalogue.version);
});

test('a trigger names streams, a direction and a timer', () => {
  expect(readTrigger('call;fund[dir=out];timer:30s')).toEqual({
    triggers: [
      { stream: 'call', dir: null },
      { stream: 'bank', dir: 'out' },
      { stream: 'pay', dir: 'out' },
    ],
    timerMs: 30_000,
  });
});

test.each([
  ['a misspelt stream', { formula: 'count(cal,1h)' }, 'CATALOGUE_FORMULA_INVALID'],
  ['fen added to a count', { formula: 'sum(bank.amt,1h)+count(call,1h)' }, 'CATALOGUE_FORMULA_INVALID'],
  ['an unknown trigger', { trigger: 'pigeon' }, 'CATALOGUE_FORMULA_INVALID'],
  ['a fire condition that is none', { fires: { when: 'often', weight: 1, reason: { zh: '', en: '' } } }, 'CATALOGUE_FORMULA_INVALID'],
  ['no example', { examples: [] }, 'CATALOGUE_ENTRY_INVALID'],
  ['a field too many', { colour: 'red' }, 'CATALOGUE_ENTRY_INVALID'],
])('an entry with %s is refused', (_says, change, code) => {
  const [first] = data.families;
  const [feature] = first?.features ?? [];
  const broken = [{ family: first?.family, features: [{ ...feature, ...change }] }];
  expect(() => parseCatalogue(broken)).toThrow(expect.objectContaining({ code }));
});

test('the same id twice is refused', () => {
  const [first] = data.families;
  const twice = [{ family: first?.family, features: [first?.features[0], first?.features[0]] }];
  expect(() => parseCatalogue(twice)).toThrow(expect.objectContaining({ code: 'CATALOGUE_ID_TWICE' }));
});
