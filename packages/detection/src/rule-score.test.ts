import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import type { Evaluation } from '@skyeye/engine';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreByRules } from './rule-score.ts';
import { mergeSignal, type Signal } from './signal.ts';

const T = 1_789_000_000_000;
const context = { catalogue: loadCatalogue(), policies: loadPolicies(), nowMs: T };
const signal = (feature: string, more: Partial<Signal> = {}): Signal => ({
  feature,
  keyType: 'person',
  key: 'p',
  firedMs: T,
  firedId: 'e',
  value: true,
  latestMs: T,
  latestId: 'e',
  stillFires: true,
  ...more,
});

test('mitigation alone never cancels a signal of weight 3', () => {
  const mitigations = context.catalogue.features.filter(({ fires }) => fires.weight < 0).map(({ id }) => signal(id));
  for (const feature of context.catalogue.features) {
    if (feature.fires.weight !== 3) continue;
    const alone = scoreByRules([signal(feature.id)], context);
    const mitigated = scoreByRules([signal(feature.id), ...mitigations], context);
    expect(mitigated.points + mitigated.offenderPoints, feature.id).toBe(alone.points + alone.offenderPoints);
  }
});

test('mitigation lowers weaker evidence, and only while it still fires', () => {
  const weak = [signal('out_sum_1h'), signal('out_vs_max'), signal('call_unk_vs_base')];
  const plain = scoreByRules(weak, context).points;
  expect(scoreByRules([...weak, signal('mit_payee_paid_before')], context).points).toBeLessThan(plain);
  expect(scoreByRules([...weak, signal('mit_payee_paid_before', { stillFires: false })], context).points).toBe(plain);
});

test('one group cannot bring more than its cap', () => {
  const amounts = context.catalogue.features.filter(({ group }) => group === 'G').map(({ id }) => signal(id));
  expect(scoreByRules(amounts, context).points).toBe(context.policies.caps.G);
});

test('one feature counts once, whatever keys it fired for', () => {
  const one = scoreByRules([signal('app_black_7d')], context).points;
  expect(scoreByRules([signal('app_black_7d'), signal('app_black_7d', { key: 'q' })], context).points).toBe(one);
});

test('a feature that the catalogue does not know counts nothing', () => {
  expect(scoreByRules([signal('long_gone')], context)).toMatchObject({ points: 0, probability: 0, scam: null });
});

test('evaluations of one key make the same signal in any order', () => {
  const evaluation = fc.record({ t: fc.nat(20), eventId: fc.option(fc.constantFrom('a', 'b', 'c')), fires: fc.boolean() });
  // An engine says one thing about one as-of point.
  const distinct = fc.uniqueArray(evaluation, { selector: ({ t, eventId }) => `${t}/${eventId}`, maxLength: 12 });
  fc.assert(
    fc.property(distinct, fc.infiniteStream(fc.nat()), (seen, order) => {
      const evaluations = seen.map(({ t, eventId, fires }): Evaluation => ({
        feature: 'f',
        keyType: 'person',
        key: 'p',
        person: 'p',
        value: t,
        fires,
        t,
        eventId,
      }));
      const firedOf = (list: readonly Evaluation[]): unknown => {
        const merged = list.reduce<Signal | undefined>((known, each) => mergeSignal(known, each), undefined);
        return merged === undefined ? undefined : [merged.firedMs, merged.firedId, merged.value];
      };
      const shuffled = evaluations
        .map((each) => ({ each, at: order.next().value ?? 0 }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ each }) => each);
      expect(firedOf(shuffled)).toEqual(firedOf(evaluations));
    }),
  );
});
