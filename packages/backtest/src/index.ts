export type { Arrival } from './arrival.ts';
export { readLabels, type Case } from './cases.ts';
export { errors as backtestErrors } from './errors.ts';
export { difference, outcomeOf, type CaseOutcome, type SideOutcome } from './outcome.ts';
export { readFolder } from './read-folder.ts';
export { readLog } from './read-log.ts';
export { replay, type Replayed, type ReplayOptions } from './replay.ts';
export { reportText } from './report.ts';
export { Side, type Alert, type Predictor } from './side.ts';
