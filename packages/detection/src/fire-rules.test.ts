import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { loadCatalogue, loadPolicies, loadRules, parseRule, type Rule } from '@skyeye/catalogue';
import { assessment, type Level, type Value } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { Detector, type Cause } from './detector.ts';
import { fireRules, indexRules, raisedLevel, sentence } from './fire-rules.ts';
import { RuleBook } from './rule-book.ts';
import type { Signal } from './signal.ts';
import { scriptRuns, type ScriptRun } from './testing/scripts.ts';

const T = Date.UTC(2026, 8, 16, 2);
const catalogue = loadCatalogue();
const policies = loadPolicies();
const context = { catalogue, policies, nowMs: T };
const versions = { model: 'none', engine: 'test' };

function rule(change: Record<string, unknown>): Rule {
  return parseRule({
    id: 'some_rule',
    name: { zh: '规则', en: 'rule' },
    subject: 'person',
    when: 'out_sum_1h >= 50000y',
    scams: ['svc'],
    level: 'P2',
    reason: { zh: '理由', en: 'reason' },
    talkTrack: 'svc',
    owner: '研判组',
    examples: [
      { says: 'nothing known', facts: {}, fires: false },
      { says: 'nothing known', facts: {}, fires: false },
    ],
    ...change,
  });
}
const signal = (feature: string, value: Value = true, change: Partial<Signal> = {}): Signal => ({
  feature,
  keyType: 'person',
  key: 'p1',
  firedMs: T,
  firedId: 'e1',
  value,
  latestMs: T,
  latestId: 'e1',
  stillFires: true,
  ...change,
});
const fired = (rules: readonly Rule[], signals: readonly Signal[]): string[] =>
  fireRules(indexRules(rules), signals, context).map((one) => `${one.rule.id} ${one.level} ${one.key ?? '-'}`);

test('a fact is the last live value; what has faded is not known', () => {
  const sum = rule({});
  expect(fired([sum], [signal('out_sum_1h', 5_000_000)])).toEqual(['some_rule P2 -']);
  expect(fired([sum], [signal('out_sum_1h', 4_999_999)])).toEqual([]);
  expect(fired([sum], [signal('out_sum_1h', 5_000_000, { firedMs: T - policies.memoryMs })])).toEqual([]);
});

test('a rule about accounts reads the features of one account at a time', () => {
  const account = rule({ subject: 'account', when: 'mule_atm_cnt_24h >= 3 && mule_cash_after_in_30m' });
  const of = (key: string) => ({ keyType: 'acct', key });
  expect(fired([account], [signal('mule_atm_cnt_24h', 3, of('a1')), signal('mule_cash_after_in_30m', true, of('a2'))])).toEqual([]);
  expect(fired([account], [signal('mule_atm_cnt_24h', 3, of('a2')), signal('mule_cash_after_in_30m', true, of('a2'))])).toEqual([
    'some_rule P2 a2',
  ]);
});

test('a rule raises and never lowers, and what is said of victims does not raise an offender', () => {
  const one = fireRules(indexRules([rule({})]), [signal('out_sum_1h', 5_000_000)], context);
  const free = { offender: false, priority: 0, bar: 0, floor: false, standing: false };
  const levels = [null, 'P4', 'P2', 'P1'] as const;
  expect(levels.map((level) => raisedLevel(level, one, free))).toEqual(['P2', 'P2', 'P2', 'P1']);
  expect(raisedLevel('P3', one, { ...free, offender: true })).toBe('P3');
  expect(raisedLevel(null, one, { ...free, bar: 1 })).toBe('P3');
  expect(raisedLevel(null, one, { ...free, bar: 1, floor: true })).toBe('P2');
});

test('the sentence says the values in words', () => {
  const [one] = fireRules(
    indexRules([rule({ reason: { zh: '1小时转出{out_sum_1h}', en: 'sent {out_sum_1h} in an hour' } })]),
    [signal('out_sum_1h', 5_000_000)],
    context,
  );
  expect(one === undefined ? null : sentence(one)).toEqual({ zh: '1小时转出¥50,000', en: 'sent ¥50,000 in an hour' });
});

test('a shadow rule is counted per day and person, raises nobody and is not named; a question is not counted', () => {
  const book = new RuleBook({ live: [], shadow: [rule({ when: 'out_sum_1h >= 1y' })] });
  const detector = new Detector({ catalogue, policies, versions, rules: book });
  const cause = (t: number, person: string): Cause => ({
    event: { stream: 'bank', id: `e${t}`, t, person, acct: 'a', dir: 'out', amt: 6_000_000, st: 'ok' },
    evaluations: [{ feature: 'out_sum_1h', keyType: 'person', key: person, person, value: 6_000_000, fires: true, t, eventId: `e${t}` }],
  });
  for (const one of [cause(T, 'p1'), cause(T + 1, 'p1'), cause(T + 2, 'p2'), cause(T + 86_400_000, 'p1')])
    expect(detector.conclude(detector.observe([one]), null)).toEqual([]);
  detector.peek(cause(T + 5, 'p3'));
  expect(book.counts()).toMatchObject([{ id: 'some_rule', state: 'shadow', times: 4, days: [{ persons: 2 }, { persons: 1 }] }]);
});

test('a rule that goes live raises from the next cause on, and is named with its version and sentence', () => {
  const book = new RuleBook();
  const detector = new Detector({ catalogue, policies, versions, rules: book });
  const cause = (t: number): Cause => ({
    event: { stream: 'bank', id: `e${t}`, t, person: 'p1', acct: 'a', dir: 'out', amt: 6_000_000, st: 'ok' },
    evaluations: [
      { feature: 'out_sum_1h', keyType: 'person', key: 'p1', person: 'p1', value: 6_000_000, fires: true, t, eventId: `e${t}` },
    ],
  });
  expect(detector.conclude(detector.observe([cause(T)]), null)).toEqual([]);
  const live = rule({});
  book.replace({ live: [live], shadow: [] });
  const [made] = detector.conclude(detector.observe([cause(T + 1)]), null);
  expect(assessment.parse(made)).toMatchObject({
    level: 'P2',
    scam: 'svc',
    rules: [{ id: 'some_rule', version: live.version, level: 'P2' }],
  });
  book.replace({ live: [], shadow: [] });
  expect(detector.conclude(detector.observe([cause(T + 2)]), null)).toEqual([]);
});

const RANK: Readonly<Record<Level | 'none', number>> = { P1: 4, P2: 3, P3: 2, P4: 1, none: 0 };
const runs = scriptRuns(gunzipSync(readFileSync(new URL('../fixtures/scripts.jsonl.gz', import.meta.url))).toString('utf8'));

function highest(run: ScriptRun, rules: readonly Rule[]): { readonly level: Level | 'none'; readonly named: ReadonlySet<string> } {
  const detector = new Detector({ catalogue, policies, versions, rules: new RuleBook({ live: rules, shadow: [] }) });
  let level: Level | 'none' = 'none';
  const named = new Set<string>();
  for (const cause of run.causes)
    for (const made of detector.conclude(detector.observe([cause]), null)) {
      if (RANK[made.level ?? 'none'] > RANK[level]) level = made.level ?? 'none';
      for (const { id } of made.rules ?? []) named.add(id);
    }
  return { level, named };
}

test('the rules of the release raise no innocent look-alike to P1 or P2, and lower nobody', () => {
  const lines: string[] = [];
  for (const run of runs) {
    const [without, having] = [highest(run, []), highest(run, loadRules())];
    lines.push(
      [
        run.script.padEnd(18),
        run.seed,
        run.label.padEnd(7),
        without.level.padEnd(5),
        having.level.padEnd(5),
        [...having.named].join(' '),
      ].join(' '),
    );
    expect(RANK[having.level], run.script).toBeGreaterThanOrEqual(RANK[without.level]);
    if (run.label === 'benign' && RANK[without.level] < RANK.P2)
      expect.soft(RANK[having.level], `${run.script} ${run.seed}`).toBeLessThan(RANK.P2);
  }
  console.log(['script            seed label   without with  rules', ...lines].join('\n'));
});
