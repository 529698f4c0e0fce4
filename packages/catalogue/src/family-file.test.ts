import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFamilyFile } from './family-file.ts';
import { formatMistake } from './yaml-place.ts';

const FOLDER = join(import.meta.dirname, '../features');
const text = readFileSync(join(FOLDER, 'account-opening.yaml'), 'utf8');
const first = text.slice(0, text.indexOf('- id: acct_open_same_bank'));

/** The first entry of the catalogue with one text replaced, and what is said about it. */
function mistakesWith(from: string, to: string): string[] {
  const changed = first.replace(from, to);
  expect(changed).not.toBe(first);
  return readFamilyFile(changed).mistakes.map((mistake) => formatMistake('f.yaml', changed, mistake));
}

test('the files of the catalogue have no mistake', () => {
  for (const name of readdirSync(FOLDER).filter((file) => file !== 'index.yaml')) {
    const { features, mistakes } = readFamilyFile(readFileSync(join(FOLDER, name), 'utf8'));
    expect(mistakes, name).toEqual([]);
    expect(features.length, name).toBeGreaterThan(0);
  }
});

test('a mistake in a formula is shown at its place in the file', () => {
  expect(mistakesWith('count(acct[ev=open],5wd)', 'cuont(acct[ev=opne],5wd)')).toEqual([
    `f.yaml:6:13: there is no function "cuont"; did you mean "count"?
    formula: 'cuont(acct[ev=opne],5wd)'
              ^~~~~`,
  ]);
  expect(mistakesWith('count(acct[ev=open],5wd)', 'count(acct[ev=opne & bnak=x],5wd)').map((shown) => shown.split('\n')[0])).toEqual([
    expect.stringMatching(/^f\.yaml:6:27: "opne" is not one of .*did you mean "open"\?$/),
    'f.yaml:6:34: no field "bnak" in stream acct; did you mean "bank"?',
  ]);
});

test('a formula folded over lines is shown as it is read', () => {
  const [shown] = mistakesWith("formula: 'count(acct[ev=open],5wd)'", 'formula: >-\n    cuont(acct[ev=open],\n    5wd)');
  expect(shown).toContain('f.yaml:6:12: line 1, column 1: there is no function "cuont"');
  expect(shown).toContain('\n  cuont(acct[ev=open], 5wd)\n  ^~~~~');
});

test.each([
  ['a field too many', 'unit: count', 'unti: count', 'f.yaml:8:3: an entry has no "unti"; did you mean "unit"?'],
  ['an unknown kind of key', 'keyedBy: person', 'keyedBy: pigeon', 'f.yaml:4:12: keyedBy: invalid option'],
  ['an unknown trigger', 'trigger: acct', 'trigger: acctt', 'f.yaml:5:12: trigger "acctt": there is no such stream'],
  ['a fire condition that is none', "when: '>= 3'", "when: 'often'", 'f.yaml:10:12: this is no fire condition'],
  ['broken YAML', 'scams: [mule_ring]', 'scams: [mule_ring', 'f.yaml:'],
])('an entry with %s is refused at its line', (_says, from, to, words) => {
  expect(mistakesWith(from, to).join('\n')).toContain(words);
});

test('all mistakes of a file are reported together, and the entries without one are given', () => {
  const broken = first.replace('count(acct[ev=open],5wd)', 'count(acct[ev=open],5w)');
  const { features, mistakes } = readFamilyFile(`${broken}${first.replace('acct_open_5wd', 'other_one')}${broken.replace('_5wd', '_x')}`);
  expect(mistakes).toHaveLength(2);
  expect(features.map(({ id }) => id)).toEqual(['other_one']);
});

test('an id twice and a file that is no list are refused', () => {
  expect(readFamilyFile(first + first).mistakes.map(({ message }) => message)).toEqual(['the id "acct_open_5wd" stands in line 1 already']);
  expect(readFamilyFile('hello').mistakes).toEqual([{ line: 1, column: 1, message: 'a list of features is needed here' }]);
});
