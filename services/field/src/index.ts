export { app, COOKIE as FIELD_COOKIE, type FieldService } from './app.ts';
export type { FieldDeps, FieldOptions } from './deps.ts';
