export { agreementOf, POISONED_SHARE, trustOf, type Agreement, type TeamAgreement } from './agreement.ts';
export {
  calibrationDrift,
  countInputs,
  inputDrift,
  psi,
  PSI_DRIFTED,
  PSI_WATCH,
  type CalibrationDrift,
  type InputCounts,
  type InputDrift,
  type Judged,
} from './drift.ts';
export { drawOf, EXPLORATION_SHARE, explorationChance, type BelowBar } from './exploration.ts';
export { fairnessOf, type FairnessRow, type Treated } from './fairness.ts';
export {
  CASE_AFTER_MS,
  caseOf,
  FRAUD_BY_RESULT,
  labelsOf,
  settledOf,
  TEAM_SHARE_MAX,
  WEIGHT_MAX,
  type CodedResult,
  type FiledCase,
  type Label,
  type LabelOptions,
} from './labels.ts';
export { estimatesOf, type Estimates, type Visited } from './propensity.ts';
export { unknownsOf, UNKNOWN_MAX, type PersonDay, type Unknown } from './rarity.ts';
export { median, robustDeviation, wilson, type Share } from './statistics.ts';
