import { loadPolicies } from '@skyeye/catalogue';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scored } from './probability.ts';

const policies = loadPolicies();
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('neither the evidence nor the probability falls where rules or model rise', () => {
  fc.assert(
    fc.property(share, share, share, share, (rules, more, model, higher) => {
      const before = scored(Math.min(rules, more), Math.min(model, higher), policies);
      const after = scored(Math.max(rules, more), Math.max(model, higher), policies);
      expect(after.evidence).toBeGreaterThanOrEqual(before.evidence);
      expect(after.score).toBeGreaterThanOrEqual(before.score);
      const [alone, aloneAfter] = [scored(Math.min(rules, more), undefined, policies), scored(Math.max(rules, more), Number.NaN, policies)];
      expect(aloneAfter.score).toBeGreaterThanOrEqual(alone.score);
      expect([alone.byModel, aloneAfter.byModel, after.byModel]).toEqual([false, false, true]);
    }),
  );
});

test('the model may lower the probability of what rules alone think much of, and never the evidence', () => {
  const [doubted, sure] = [scored(0.9, 0, policies), scored(0.9, 1, policies)];
  expect(doubted.evidence).toBe(0.9);
  expect(doubted.score).toBeLessThan(sure.score);
});
