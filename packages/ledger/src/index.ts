export { runningLedgerUrl, startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './adapters/embedded.ts';
export { LEDGER_MIGRATIONS, migrate, type MigrateOptions } from './adapters/migrate.ts';
export { openDatabase } from './adapters/postgres.ts';
export { recordAssessment, type Explore, type Recorded } from './assessments.ts';
export { listAudit, verifyAudit, type AuditEntry } from './audit.ts';
export { readVisits } from './budget.ts';
export { bodyHash, canonicalJson, sm3 } from './canonical.ts';
export { clocksOf, runOutClocks, type RunOutClock } from './clocks.ts';
export {
  addNote,
  askHold,
  changeLevel,
  close,
  dispatchTo,
  noteUnmasked,
  noteViewed,
  recordCall,
  sign,
  type CommandInput,
} from './commands.ts';
export {
  addServiceNumber,
  putQuarantined,
  putSourceStatus,
  readCounters,
  readQuarantined,
  markReplayed,
  readSourceStatus,
  setServiceNumber,
} from './counters.ts';
export type { Database, DatabaseOptions, Queries, TxOptions, Value } from './database.ts';
export { approveErasure, askErasure, ERASURE_WAITS_MS, finishErasure, listErasures, refuseErasure } from './erasures.ts';
export { errors as ledgerErrors } from './errors.ts';
export { actionsOf, feedSeq, pruneFeed, readFeed, recentActions, type FeedRow } from './feed.ts';
export { acceptTask, arrive, meet, reportTask, requestStop, type FieldInput } from './field-commands.ts';
export {
  activeHolds,
  disturbancesSince,
  endHold,
  expireHolds,
  findHold,
  getHold,
  holdOf,
  holdsOf,
  insertHold,
  replaceReply,
  type EndHold,
  type HoldRow,
  type NewHold,
} from './holds.ts';
export { countyDay, countyDayStart, evidenceOf, getIncident, openIncidentOf, type IncidentRow } from './incidents.ts';
export type { ActionFacts, ActionKind, Journal, NewAction, NewAudit } from './journal.ts';
export {
  belowBar,
  codedResults,
  decideUnknown,
  lastLearningRun,
  learnedIncidents,
  learningRunBefore,
  listUnknowns,
  putLearningRun,
  putUnknowns,
  reviewResult,
  type CodedRow,
  type LearnedIncident,
  type UnknownRow,
} from './learning.ts';
export { openLedger, type FanOut, type Ledger, type LedgerOptions, type LedgerTx } from './ledger.ts';
export {
  listModels,
  modelsOf,
  modelsSeq,
  modelSteps,
  promoteModel,
  proposeModel,
  retireModel,
  rollBackModel,
  watchModel,
  type ModelAct,
  type ModelRow,
  type ModelStepRow,
} from './models.ts';
export { returnTo } from './returns.ts';
export {
  dropSubscription,
  markFailed,
  markSent,
  pruneOutbox,
  putSubscription,
  queuePush,
  subscriptionsFor,
  takeOutbox,
  type OutboxRow,
  type Push,
  type PushSubscriptionRow,
} from './outbox.ts';
export { namesOf } from './names.ts';
export { markProcessed, onceWithBody, pruneProcessed } from './processed.ts';
export {
  ageOf,
  incidentDetail,
  incidentsById,
  listIncidents,
  nameIn,
  type ListIncidents,
  type MaskedText,
  type MaskTokens,
  type ReadContext,
  type TalkTrack,
} from './read-incidents.ts';
export { fieldTasks, fieldTasksOfIncident, type ClearPerson, type FieldContext } from './read-tasks.ts';
export { accountsOf, kinOf, personOfAccount, phonesOf, putReference, residentsOf, type KinRow, type ResidentRow } from './residents.ts';
export { fromRow, insertRow, updateRow } from './rows.ts';
export {
  adoptRelease,
  approveRule,
  countResidents,
  latestBacktests,
  listRules,
  proposeRule,
  rollBackRule,
  rulesOf,
  rulesSeq,
  ruleSteps,
  stepRule,
  type RuleAct,
  type RuleRow,
  type RuleStepRow,
  type ShadowSeen,
} from './rules.ts';
export { closeFollowedUp, handleRunOut } from './run-out.ts';
export type { Actor } from './steps.ts';
export { decideDraft, listSubjects, pruneSubjects, recordSubjects, type SubjectRow } from './subjects.ts';
export { busyUnits, getTask, tasksOf, tasksOfUnits, type TaskRow } from './tasks.ts';
