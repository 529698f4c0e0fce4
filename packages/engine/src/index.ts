export type { Accounts, CheckpointPart, Engine, EngineStats, Evaluation, Folded } from './port.ts';
