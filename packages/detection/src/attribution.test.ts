import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attribute } from './attribution.ts';
import { isOffenderFeature, scoreByRules } from './rule-score.ts';
import type { Signal } from './signal.ts';

const T = 1_789_000_000_000;
const catalogue = loadCatalogue();
const policies = loadPolicies();
const context = { catalogue, policies, nowMs: T };
const signal = (feature: string): Signal => ({
  feature,
  keyType: 'person',
  key: 'p',
  firedMs: T,
  firedId: 'e',
  value: true,
  latestMs: T,
  latestId: 'e',
  stillFires: true,
});
const scoreOf = (features: readonly string[]) => scoreByRules(features.map(signal), context);
const ids = fc.uniqueArray(fc.constantFrom(...catalogue.features.map(({ id }) => id)), { minLength: 1, maxLength: 40 });
const sum = (parts: Iterable<number>): number => [...parts].reduce((total, part) => total + part, 0);

test('the parts of all signals and of the model add up to the score, for few signals and for many', () => {
  fc.assert(
    fc.property(ids, fc.double({ min: 0, max: 1, noNaN: true }), (features, lift) => {
      const rule = scoreOf(features);
      const score = rule.probability + lift * (1 - rule.probability);
      const { byFeature, model } = attribute(rule, score, policies);
      expect(sum(byFeature.values()) + model).toBeCloseTo(score, 10);
    }),
    { numRuns: 60 },
  );
});

test('of two signals, each brings the mean of what its removal takes before and after the other', () => {
  const [a, b] = ['app_black_7d', 'rctl_share_on_now'];
  const [both, onlyA, onlyB] = [scoreOf([a, b]), scoreOf([a]), scoreOf([b])].map(({ probability }) => probability) as [
    number,
    number,
    number,
  ];
  const { byFeature } = attribute(scoreOf([a, b]), both, policies);
  expect(byFeature.get(a)).toBeCloseTo((onlyA + (both - onlyB)) / 2, 12);
  expect(byFeature.get(b)).toBeCloseTo((onlyB + (both - onlyA)) / 2, 12);
});

test('evidence never lowers the score, mitigation never raises it, and equals bring the same', () => {
  fc.assert(
    fc.property(ids, (features) => {
      const rule = scoreOf(features);
      const { byFeature } = attribute(rule, rule.probability, policies);
      for (const { feature } of rule.weighed) {
        const part = byFeature.get(feature.id);
        if (isOffenderFeature(feature)) expect(part).toBeUndefined();
        else expect((part ?? 0) * Math.sign(feature.fires.weight)).toBeGreaterThanOrEqual(-1e-12);
      }
    }),
    { numRuns: 60 },
  );
  const twins = catalogue.features.filter(({ group, fires }) => group === 'L' && fires.weight === 3).slice(0, 2);
  const rule = scoreOf(twins.map(({ id }) => id));
  const [first, second] = twins.map(({ id }) => attribute(rule, rule.probability, policies).byFeature.get(id));
  expect(first).toBeCloseTo(second ?? Number.NaN, 12);
});
