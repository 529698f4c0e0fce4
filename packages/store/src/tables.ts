import { eventTable, metricTable } from '@skyeye/telemetry';

export const logEvents = eventTable({
  StoreConnected: { level: 'info', says: 'The store answers.' },
  StoreDisconnected: { level: 'warn', says: 'The connection to the store broke; it is tried again until it answers.' },
  SnapshotDamaged: {
    level: 'error',
    says: 'The latest snapshot failed its checksum; the previous one is used and the log replays the rest.',
  },
  HandlerFailed: { level: 'error', says: 'A subscriber failed on a message; the others got it.' },
  ExpiredKeysNotRemoved: { level: 'warn', says: 'Expired keys could not be removed; tried again a minute later.' },
});

export const metricEntries = metricTable({
  published: { kind: 'counter', name: 'store_messages_published_total', says: 'Fan-out messages sent.' },
  snapshotBytes: { kind: 'gauge', name: 'store_snapshot_bytes', says: 'Size of the snapshot written last.' },
  snapshotTook: {
    kind: 'histogram',
    name: 'store_snapshot_write_ms',
    says: 'Time to write a snapshot durably.',
    buckets: [5, 20, 100, 500, 2000, 10_000, 60_000],
  },
});
