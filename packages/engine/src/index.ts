/** What an analyst asks of a feature: check, explain, trace, try, diff. By the slow evaluator; nothing here is on the hot path. */
export * as analyst from './analyst/index.ts';
export { openPiece, sealPiece, type PiecePlace } from './checkpoint-file.ts';
export { createEngine, ENGINE_VERSIONS, type EngineKind } from './create-engine.ts';
export { FastEngine, type FastEngineOptions } from './fast/fast-engine.ts';
export type { EntityKey } from './erasure.ts';
export { HistoryEngine, type HistoryEngineOptions } from './history-engine.ts';
export { LiveEngine, type LiveEngineOptions, type LiveStats, type WhyAt } from './live-engine.ts';
export { Plan, planOf, type PlanFeature } from './plan.ts';
export type { Accounts, CheckpointMark, CheckpointPart, Engine, EngineStats, Evaluation, Folded } from './port.ts';
export { ReferenceState } from './reference-state.ts';
export { createStamper, type Stamper, type StamperOptions, type StampReference } from './stamps.ts';
export type { ExplainedEvent, Explanation } from './why.ts';
