export { composeScoring, type ComposeOptions } from './compose.ts';
export { app, type Scorer, type ScorerDeps } from './app.ts';
export { Checkpoints, type CheckpointSource, type LoadedCheckpoint } from './checkpoint.ts';
export { Scoring, type Adoption, type Predictor, type ScoringOptions } from './scoring.ts';
