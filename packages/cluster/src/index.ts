export { listenForHealth } from './health-server.ts';
export { migrateAll, migrateOptions, type MigrateOptions } from './migrate.ts';
export { clusterOptions, portOption, valuesOf } from './options.ts';
export { openParts, type Parts } from './parts.ts';
export { provision, type Wanted } from './provision.ts';
