export {
  AMOUNT_MAX_FEN,
  ID_KINDS,
  TIME_MAX_MS,
  TIME_MIN_MS,
  valueType,
  type Field,
  type Fields,
  type IdKind,
  type Origin,
  type Value,
} from './field.ts';
export {
  COMMON_FIELDS,
  EGO_FIELDS,
  STREAM_NAMES,
  type EgoField,
  type RawRecord,
  type SourceEntry,
  type StreamEvent,
  type StreamName,
} from './source.ts';
export { SOURCES } from './sources/index.ts';
export { DIMS, eventSchema, STREAM_ALIASES, type DimName } from './event.ts';
export {
  rawReference,
  REFERENCE_IDS,
  referenceKinds,
  type RawReference,
  type RawReferenceInput,
  type Reference,
  type ReferenceKind,
} from './reference.ts';
export { ALL_TOPICS, MESSAGE_MAX_BYTES, RAW_TOPICS, rawTopic, TOPICS, type TopicEntry } from './topics.ts';
export { jsonSchemaOf, type Schema } from './json-schema.ts';
export { clockAnchor, referenceRecord, topicBodies } from './topic-bodies.ts';
export * from './domain.ts';
export * from './assessment.ts';
export * from './subject.ts';
export * from './incident.ts';
export * from './county.ts';
export * from './http/common.ts';
export * from './http/bank.ts';
export * from './http/budget.ts';
export * from './http/console.ts';
export * from './http/engine.ts';
export * from './http/erasure.ts';
export * from './http/field.ts';
export * from './http/models.ts';
export * from './http/learning.ts';
export * from './http/rules.ts';
export * from './http/subjects.ts';
