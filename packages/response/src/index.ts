export {
  CLOCK_RULES,
  clocksStarting,
  followUpsMs,
  isSampled,
  LARGE_LOSS_FEN,
  nextCall,
  RUN_UNTIL_MET,
  STOPS,
  type ClockRule,
  type ClockStep,
  type DueClock,
  type EscalateTo,
} from './clocks.ts';
export { errors as responseErrors } from './errors.ts';
export { levelRank, moreUrgent, raisedBy } from './levels.ts';
export { ANSWER_SILENCE_MS, judge, MERGE_WINDOW_MS, REALERT_SILENCE_MS, type Judgement, type KnownIncident } from './merge.ts';
export { checkReturn, RETURN_MS, type ReturnRequest } from './returns.ts';
export { checkLevel, INCIDENT_STEPS, INCIDENT_TABLE, takeStep, type IncidentFacts, type IncidentStep, type StepInput } from './states.ts';
export { TASK_STEPS, TASK_TABLE, takeTaskStep, type TaskStep } from './task-states.ts';
export {
  planTiers,
  POSITION_FRESH_MS,
  TIERS_AT_ONCE,
  unitOptions,
  type Places,
  type PlannedTask,
  type TierPlan,
  type Whereabouts,
} from './tiers.ts';
