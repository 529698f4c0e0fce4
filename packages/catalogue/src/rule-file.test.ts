import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCAMS } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { parseRule, ruleEntry, ruleLevel, type RuleEntry } from './rule.ts';
import { readRuleFile } from './rule-file.ts';
import { loadRules } from './rules.ts';
import { formatMistake } from './yaml-place.ts';

const FOLDER = join(import.meta.dirname, '../rules');
const text = readFileSync(join(FOLDER, 'svc.yaml'), 'utf8');
const first = text.slice(0, text.indexOf('- id: svc_share_login_new_payee'));

function mistakesWith(from: string, to: string): string[] {
  const changed = first.replace(from, to);
  expect(changed).not.toBe(first);
  return readRuleFile(changed).mistakes.map((mistake) => formatMistake('f.yaml', changed, mistake));
}

test('the rules of the release have no mistake, and every worked example comes out as it says', () => {
  for (const name of readdirSync(FOLDER)) expect(readRuleFile(readFileSync(join(FOLDER, name), 'utf8')).mistakes, name).toEqual([]);
});

test('there are at least 60, for each of the fourteen scripts at least three', () => {
  const rules = loadRules();
  expect(rules.length).toBeGreaterThanOrEqual(60);
  for (const scam of Object.keys(SCAMS))
    expect(rules.filter(({ scams }) => (scams as string[]).includes(scam)).length, scam).toBeGreaterThanOrEqual(3);
});

test('an offender is never raised above a visit; an account or a number alone never to an order', () => {
  for (const { id, level, scams, subject } of loadRules())
    if (scams.some((scam) => scam === 'mule_ring' || scam === 'scam_caller'))
      expect(subject === 'account' || subject === 'number' ? ['P2', 'P3', 'P4'] : ['P3', 'P4'], id).toContain(level);
});

test('a mistake in a condition is shown at its place in the file', () => {
  expect(mistakesWith('x_share_open_at_transfer &&', 'x_share_opne_at_transfer &&')[0]).toMatch(
    /^f\.yaml:\d+:10: there is no fact "x_share_opne_at_transfer"; did you mean "x_share_open_at_transfer"\?\n.*\n +\^~+$/s,
  );
});

test.each([
  ['an unlike unit', 'call_unk_active_s >= 600', 'call_unk_active_s >= 600y', /fen|yuan/],
  ['a field too many', 'talkTrack: svc', 'talktrack: svc', /an entry has no "talktrack"; did you mean "talkTrack"\?/],
  ['a slot that "when" does not read', 'pays while', 'pays {out_sum_1h} while', /slot \{out_sum_1h\}/],
  ['an example that comes out otherwise', 'fires: false', 'fires: true', /says true, and the rule does not fire/],
  ['an unknown talk track', 'talkTrack: svc', 'talkTrack: pigeon', /talkTrack: invalid option/],
])('a rule with %s is refused at its line', (_says, from, to, words) => {
  const shown = mistakesWith(from, to).join('\n');
  expect(shown).toMatch(/^f\.yaml:\d+:\d+: /);
  expect(shown).toMatch(words);
});

test('all mistakes of a file are reported together, and an id twice', () => {
  const { mistakes, rules } = readRuleFile(
    first + first + first.replace('svc_share_call_pay', 'other_rule').replace('level: P1', 'level: P9'),
  );
  expect(mistakes.map(({ message }) => message)).toEqual([
    expect.stringContaining('stands in line 1 already'),
    expect.stringContaining('level'),
  ]);
  expect(rules).toHaveLength(1);
});

test('a version names the content, however the file orders it', () => {
  const [rule] = readRuleFile(first).rules;
  const entry = ruleEntry.parse(Object.fromEntries(Object.entries(rule ?? {}).filter(([key]) => key in ruleEntry.shape)));
  const turned = Object.fromEntries(Object.entries(entry).toReversed());
  expect(parseRule(turned).version).toBe(rule?.version);
  expect(parseRule({ ...entry, level: 'P2', examples: entry.examples.slice(0, 2) }).version).not.toBe(rule?.version);
});

test('mitigation alone cancels no signal of weight 3, and cancels where none stands', () => {
  const base = readRuleFile(first).rules[0] as RuleEntry;
  const made = (when: string) =>
    parseRule({
      ...Object.fromEntries(Object.entries(base).filter(([key]) => key in ruleEntry.shape)),
      reason: { zh: '因', en: 'r' },
      when,
      unless: 'mit_payee_kin_self',
      examples: [
        { says: 'a', facts: {}, fires: false },
        { says: 'b', facts: {}, fires: false },
      ],
    });
  const facts = { mit_payee_kin_self: true, x_share_open_at_transfer: true, rctl_share_on_now: true };
  expect(ruleLevel(made('x_share_open_at_transfer'), facts)).toBe('P2');
  expect(ruleLevel(made('rctl_share_on_now'), facts)).toBeNull();
});
