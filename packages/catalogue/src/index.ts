export { featureById, loadCatalogue, parseCatalogue, type Catalogue, type Feature } from './catalogue.ts';
export {
  featureEntry,
  GROUPS,
  KEY_TYPES,
  type ExampleEntry,
  type FamilyEntry,
  type FeatureEntry,
  type GroupCode,
  type KeyType,
} from './entry.ts';
export { readFamilyFile, type FamilyFile } from './family-file.ts';
export { formatMistake, type FileMistake } from './yaml-place.ts';
export { FEATURE_IDS, type FeatureId } from './feature-ids.ts';
export { officialHolidays } from './holidays.ts';
export { languageSchema } from './language-schema.ts';
export { errors as catalogueErrors } from './errors.ts';
export { ASSESSED_SIGNALS, withAssessed } from './assessed.ts';
export { HOLD_FACTS, LEVEL_FACTS, SUBJECT_FACTS } from './policy-facts.ts';
export {
  loadPolicies,
  onCurve,
  readPolicies,
  type Curve,
  type BudgetPolicy,
  type Disturbance,
  type HoldRow,
  type LevelRow,
  type Policies,
  type SubjectPolicy,
} from './policies.ts';
export { fillReason, valueInWords, yuanText } from './slots.ts';
export { counterTextsFor, gridTaskFor, talkTrackFor, type CounterTexts, type GridTask, type TalkTrack } from './texts.ts';
export { readEvents as readExampleEvents } from './examples/event-text.ts';
export { runExample, type ExampleResult } from './examples/run-example.ts';
export { readTrigger, type Trigger } from './trigger.ts';
export { compileRule, parseRule, ruleEntry, ruleFacts, ruleLevel, type Rule, type RuleEntry, type RuleMistake } from './rule.ts';
export { readRuleFile, type RuleFile } from './rule-file.ts';
export { loadRules } from './rules.ts';
