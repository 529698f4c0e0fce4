import { SOURCES } from '@skyeye/contracts';
import { eventTable, metricTable } from '@skyeye/telemetry';

const streams = [...Object.keys(SOURCES), 'reference'];

export const logEvents = eventTable({
  RecordsQuarantined: { level: 'warn', says: 'Records could not be taken; they are in quarantine with their reasons.' },
  StatusNotSent: { level: 'warn', says: 'The accounts of the sources could not be published; they are tried again.' },
});

export const metricEntries = metricTable({
  records: {
    kind: 'counter',
    name: 'ingest_records_total',
    says: 'Raw records by what became of them; the sum is what was accepted.',
    labels: { stream: streams, outcome: ['normalised', 'duplicate', 'quarantined'] },
  },
  batchMs: {
    kind: 'histogram',
    name: 'ingest_batch_duration_ms',
    says: 'Time from a batch to its events being durable.',
    buckets: [1, 3, 10, 30, 100, 300, 1000, 3000],
  },
});

/** How long an id is remembered, wall ms: longer than any provider repeats a file. */
export const ID_TTL_MS = 7 * 24 * 3_600_000;
/** How often the accounts of the sources are published, wall ms. */
export const STATUS_EVERY_MS = 2_000;
