export { COUNTY_START_MS, REFERENCE_TOPIC, RESIDENTS_DEFAULT, simulateBatch, type BatchOptions } from './batch.ts';
export { DELAY_MAX_MS, DOUBLED_SHARE, TOO_LATE_SHARE, type Delivered } from './delivery.ts';
export { errors as simulatorErrors } from './errors.ts';
export { httpFieldClient, httpHoldClient, type Fetch } from './live/clients.ts';
export type { FieldAccount, FieldClient, HoldClient, RawMessage, RawSink } from './live/ports.ts';
export { runCounty, type RunCountyOptions, type RunningCounty } from './live/run-county.ts';
export { FolderCountyStore, MemoryCountyStore, type CountyStore } from './live/store.ts';
export type { Scams } from './scripts/schedule.ts';
