export { app, gatewayRoutes } from './app.ts';
export type { GatewayDeps } from './deps.ts';
export { httpScoring, type Scoring } from './scoring.ts';
