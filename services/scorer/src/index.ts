export { app, type Scorer, type ScorerDeps } from './app.ts';
export { Scoring, type Predictor, type ScoringOptions } from './scoring.ts';
