export { listenForHealth } from './health-server.ts';
export { clusterOptions, portOption, valuesOf } from './options.ts';
export { openParts, type Parts } from './parts.ts';
