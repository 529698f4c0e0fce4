import type { Assessment, Bilingual } from '@skyeye/contracts';

/** The stated outcomes when scoring is late or failed (invariant 5). Every use is counted by its caller and shown. */

/** A person is scored by the rules alone, and the assessment says so. */
export const FALLBACK_SCORED_BY: Assessment['scoredBy'] = 'rules';

/** A bank is told to follow its own rules. */
export const FALLBACK_HOLD: { readonly outcome: 'allow'; readonly reasonCode: '9001'; readonly reason: Bilingual } = {
  outcome: 'allow',
  reasonCode: '9001',
  reason: { zh: '风险评估未能及时完成,请按本行规则处理', en: 'risk was not assessed in time; the bank’s own rules apply' },
};
