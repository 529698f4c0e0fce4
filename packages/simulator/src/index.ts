export { COUNTY_START_MS, REFERENCE_TOPIC, RESIDENTS_DEFAULT, simulateBatch, type BatchOptions } from './batch.ts';
export { DELAY_MAX_MS, DOUBLED_SHARE, TOO_LATE_SHARE, type Delivered } from './delivery.ts';
export { type Scams } from './scripts/schedule.ts';
