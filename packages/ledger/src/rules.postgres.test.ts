import { RULE_SHADOW_MS } from '@skyeye/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  adoptRelease,
  approveRule,
  listAudit,
  listRules,
  proposeRule,
  rollBackRule,
  rulesOf,
  rulesSeq,
  ruleSteps,
  stepRule,
  verifyAudit,
  type RuleAct,
} from './index.ts';
import { testLedger, T0, type TestLedger } from './testing/ledger.ts';

let it: TestLedger;
beforeAll(async () => void (it = await testLedger()));
afterAll(() => it.end());

const BACKTEST = { events: 1_000, persons: 10_000, days: 7, personsPerDayMax: 3, raisedPerDayMax: 1, eventsHash: 'e'.repeat(64) };
const SHADOW = { personsPerDayMax: 2, times: 9, residents: 10_000, scored: true };
const act = (ruleId: string, version: string, by: string, nowMs = T0): RuleAct => ({ ruleId, version, by, nowMs, reason: 'a test' });

/** Up to a day in shadow. */
async function shadowed(ruleId: string, version: string, by: string, backtest: object = BACKTEST): Promise<void> {
  await proposeRule(it.ledger, { ...act(ruleId, version, by), entry: { id: ruleId, version } });
  await stepRule(it.ledger, act(ruleId, version, by), 'checked');
  await stepRule(it.ledger, act(ruleId, version, by), 'backtested', { ...backtest });
  await stepRule(it.ledger, act(ruleId, version, by), 'shadow');
}
const approve = (ruleId: string, version: string, by: string, shadow = SHADOW): Promise<void> =>
  approveRule(it.ledger, act(ruleId, version, by, T0 + RULE_SHADOW_MS), shadow);
const inForce = async (ruleId: string): Promise<string[]> =>
  (await rulesOf(it.ledger)).rules.filter(({ id }) => id === ruleId).map(({ version, state }) => `${version} ${state}`);

test('a rule lives its whole life; every step is kept with who, when and the numbers, and the set is numbered anew', async () => {
  const before = await rulesSeq(it.ledger);
  await shadowed('whole_life', 'v1', 'ann');
  expect(await inForce('whole_life')).toEqual(['v1 shadow']);
  await approve('whole_life', 'v1', 'ben');
  await stepRule(it.ledger, act('whole_life', 'v1', 'ben'), 'live');
  expect(await inForce('whole_life')).toEqual(['v1 live']);
  await shadowed('whole_life', 'v2', 'ann');
  await approve('whole_life', 'v2', 'ben');
  await stepRule(it.ledger, act('whole_life', 'v2', 'ben'), 'live');
  expect(await inForce('whole_life')).toEqual(['v2 live']);
  const { ruleId, by, nowMs, reason } = act('whole_life', '', 'ann');
  expect(await rollBackRule(it.ledger, { ruleId, by, nowMs, reason })).toBe('v1');
  expect(await inForce('whole_life')).toEqual(['v1 live']);
  // What was taken back does not come back by taking back once more.
  expect(await rollBackRule(it.ledger, { ruleId, by, nowMs, reason })).toBeNull();
  expect(await inForce('whole_life')).toEqual([]);
  expect(await rulesSeq(it.ledger)).toBe(before + 8);
  const steps = (await ruleSteps(it.ledger, 'whole_life')).filter(({ version }) => version === 'v1');
  expect(steps.map(({ step, by: who }) => `${step} ${who}`)).toEqual([
    'draft ann',
    'checked ann',
    'backtested ann',
    'shadow ann',
    'approved ben',
    'live ben',
    'retired ben',
    'live ann',
    'rolled_back ann',
  ]);
  expect(steps.find(({ step }) => step === 'backtested')?.numbers).toEqual(BACKTEST);
  expect(steps.find(({ step }) => step === 'approved')?.numbers).toEqual(SHADOW);
  await expect(it.ledger.query("update rule_steps set by = 'x'")).rejects.toThrow();
  expect((await verifyAudit(it.ledger)).intact).toBe(true);
});

test('steps come in their order, and the same content once', async () => {
  await proposeRule(it.ledger, { ...act('in_order', 'v1', 'ann'), entry: {} });
  await expect(proposeRule(it.ledger, { ...act('in_order', 'v1', 'ann'), entry: {} })).rejects.toThrow('known already');
  for (const step of ['backtested', 'shadow', 'live'] as const)
    await expect(stepRule(it.ledger, act('in_order', 'v1', 'ann'), step)).rejects.toMatchObject({ code: 'LEDGER_RULE_STEP' });
  await expect(approve('in_order', 'v1', 'ben')).rejects.toMatchObject({ code: 'LEDGER_RULE_STEP' });
});

test('who wrote a version of a rule approves none of it, not that of another either', async () => {
  await shadowed('own_rule', 'v1', 'ann');
  await expect(approve('own_rule', 'v1', 'ann')).rejects.toMatchObject({ code: 'LEDGER_RULE_OWN' });
  await proposeRule(it.ledger, { ...act('own_rule', 'v2', 'cyd'), entry: {} });
  await expect(approve('own_rule', 'v1', 'cyd')).rejects.toMatchObject({ code: 'LEDGER_RULE_OWN' });
  expect((await listRules(it.ledger, 'own_rule'))[0]?.state).toBe('shadow');
});

test('two people who approve each other’s rules are noticed, and it stands in the audit; a third person may', async () => {
  await shadowed('of_dan', 'v1', 'dan');
  await approve('of_dan', 'v1', 'eve');
  await shadowed('of_eve', 'v1', 'eve');
  await expect(approve('of_eve', 'v1', 'dan')).rejects.toMatchObject({ code: 'LEDGER_RULE_MUTUAL', facts: { approvedRule: 'of_dan' } });
  const [entry] = await listAudit(it.ledger, { limit: 1 });
  expect(entry).toMatchObject({ kind: 'rule_approval_refused', by: 'dan', subject: 'of_eve', facts: { code: 'LEDGER_RULE_MUTUAL' } });
  await approve('of_eve', 'v1', 'fay');
});

test('a rule that holds for more than one person in 200 a day is not approved, by backtest or by shadow', async () => {
  await shadowed('too_wide', 'v1', 'ann', { ...BACKTEST, personsPerDayMax: 51 });
  await expect(approve('too_wide', 'v1', 'gus')).rejects.toMatchObject({ facts: { why: 'backtest', limit: 50 } });
  await shadowed('wide_in_shadow', 'v1', 'ann');
  await expect(approve('wide_in_shadow', 'v1', 'gus', { ...SHADOW, personsPerDayMax: 9_000 })).rejects.toMatchObject({
    facts: { why: 'shadow' },
  });
  await expect(approveRule(it.ledger, act('wide_in_shadow', 'v1', 'gus', T0 + RULE_SHADOW_MS - 1), SHADOW)).rejects.toMatchObject({
    facts: { why: 'less than a day in shadow' },
  });
});

test('the release’s rules are live with it; an analyst’s version stays, and what a person retired stays retired', async () => {
  const rules = [
    { id: 'shipped_a', version: 'r1', entry: {} },
    { id: 'shipped_b', version: 'r1', entry: {} },
    { id: 'shipped_c', version: 'r1', entry: {} },
  ];
  await adoptRelease(it.ledger, rules, T0);
  const seq = await rulesSeq(it.ledger);
  await adoptRelease(it.ledger, rules, T0);
  expect(await rulesSeq(it.ledger)).toBe(seq);
  await stepRule(it.ledger, act('shipped_b', 'r1', 'ann'), 'retired');
  await shadowed('shipped_c', 'v2', 'ann');
  await adoptRelease(
    it.ledger,
    [{ id: 'shipped_a', version: 'r2', entry: {} }, ...rules.slice(1, 2), { id: 'shipped_c', version: 'r2', entry: {} }],
    T0,
  );
  expect(await inForce('shipped_a')).toEqual(['r2 live']);
  expect(await inForce('shipped_b')).toEqual([]);
  expect((await listRules(it.ledger, 'shipped_c')).map(({ version, state }) => `${version} ${state}`).toSorted()).toEqual([
    'r1 live',
    'r2 checked',
    'v2 shadow',
  ]);
});
