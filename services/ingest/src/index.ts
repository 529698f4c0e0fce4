export { app, type Ingest, type IngestDeps } from './app.ts';
export { parse } from './parse.ts';
