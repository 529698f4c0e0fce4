export { app, COOKIE as CONSOLE_COOKIE, type CommandCenter } from './app.ts';
export { httpErasing, type Erasing } from './erasing.ts';
export type { CommandCenterDeps, CommandCenterOptions } from './deps.ts';
