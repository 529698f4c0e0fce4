export { impliedStreams, needsOf, windowMs, type Needs } from './analysis.ts';
export {
  walk,
  withoutPositions,
  type Argument,
  type CallExpression,
  type Expression,
  type Filter,
  type FilterValue,
  type Selector,
  type SequenceExpression,
  type Window,
} from './ast.ts';
export { dayNumber, dayStartMs, hourOfDay, isWorkingDay, NO_HOLIDAYS, workingDaysStartMs, type HolidayTable } from './calendar.ts';
export { checkFormula, diagnoseFormula, type CheckOptions, type Diagnosis } from './checker.ts';
export { compileFormula, Compiler } from './compiler.ts';
export { parseCondition, type Condition, type Facts } from './condition.ts';
export { Context, COVERED, staticDimensions, type Coverage, type Dimensions, type World } from './context.ts';
export { compareEvents, compareIds, firstAfter, firstBehind, type AsOf, type StreamEvent, type Value } from './event.ts';
export { parseFire, type FireCondition } from './fire.ts';
export type { Evaluate, FunctionEntry } from './functions/entry.ts';
export { FUNCTIONS } from './functions/index.ts';
export { EntityEvents, History, pairKey, type HistoryOptions } from './history.ts';
export { formatError, LanguageError, positionAt, underline, type Position } from './language-error.ts';
export { LIMITS, type LimitName } from './limits.ts';
export { parseFormula } from './parser.ts';
export { printFormula } from './printer.ts';
export { readingsOf, type ReadEvent, type Reading } from './reading.ts';
export { ENTITY_TYPES, entityTypeOf, streamsOf, type EntityType, type FieldType, type Schema } from './schema.ts';
export { chainOf } from './sequence.ts';
export { describeType, type Type, type Unit } from './types.ts';
export { tenDigits, valueText } from './value-text.ts';
