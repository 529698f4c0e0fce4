export type { Arrival } from './arrival.ts';
export { readLabels, reported, type Case } from './cases.ts';
export { errors as backtestErrors } from './errors.ts';
export { difference, outcomeOf, type CaseOutcome, type SideOutcome } from './outcome.ts';
export { readFolder } from './read-folder.ts';
export { readLog } from './read-log.ts';
export { replay, type Replayed, type ReplayOptions } from './replay.ts';
export { modelTableOf, nameOf, OFFICERS, reportText, type NamedSide } from './report.ts';
export { Alerts, Side, type Alert, type Predictor } from './side.ts';
