import { onCurve, type Policies } from '@skyeye/catalogue';

export interface Scored {
  /** Model and rules by their shares; the rules alone where no model answers. 0..1. */
  readonly mixed: number;
  /** What levels lean on: the mixed score, or that of the rules alone where it is higher. */
  readonly evidence: number;
  /** The probability that is reported. */
  readonly score: number;
  readonly byModel: boolean;
}

/**
 * From the rules' score and the model's answer (undefined or no number: none) to what is reported. The model may lower the
 * probability of what rules alone think much of, and never the evidence that levels need. Neither falls where either rises.
 */
export function scored(
  rules: number,
  model: number | undefined,
  { modelShare, calibration }: Pick<Policies, 'modelShare' | 'calibration'>,
): Scored {
  const byModel = model !== undefined && model >= 0 && model <= 1;
  const mixed = byModel ? modelShare * model + (1 - modelShare) * rules : rules;
  return { mixed, evidence: Math.max(rules, mixed), score: onCurve(byModel ? calibration.mixed : calibration.rules, mixed), byModel };
}
