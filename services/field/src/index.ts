export { app, COOKIE as FIELD_COOKIE, type FieldService } from './app.ts';
export type { CountyClock, FieldDeps, FieldOptions } from './deps.ts';
