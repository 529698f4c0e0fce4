export { describeEvent, evidenceOf } from './describe-event.ts';
export { Detector, type Cause, type DetectorOptions, type DetectorState, type Pending, type Predictions } from './detector.ts';
export { FALLBACK_HOLD, FALLBACK_SCORED_BY } from './fallback.ts';
export {
  fireRules,
  indexRules,
  isOffenderRule,
  raisedLevel,
  sentence as ruleSentence,
  type FiredRule,
  type RuleIndex,
} from './fire-rules.ts';
export { decideHold, limitedCodes, type Disturbed, type HoldDecision, type HoldFacts } from './hold-policy.ts';
export { levelOf, type LevelFacts } from './level-policy.ts';
export { inputSignature, writeInputs, type InputSignature } from './model-input.ts';
export { inputSigns } from './model-signs.ts';
export { namedScams } from './named-scams.ts';
export type { PersonState } from './person-state.ts';
export type { PersonsMark, PersonsPart, PersonsWriting } from './persons.ts';
export { RuleBook, type RuleCount, type RulesInForce } from './rule-book.ts';
export {
  SubjectDetector,
  type SubjectDetectorOptions,
  type SubjectDetectorState,
  type SubjectPending,
  type SubjectPredictions,
  type Woven,
} from './subject-detector.ts';
export { subjectSignature } from './subject-input.ts';
export { scoreByRules, type RuleScore, type Weighed } from './rule-score.ts';
export { scored, type Scored } from './probability.ts';
