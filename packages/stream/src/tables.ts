import { eventTable, metricTable } from '@skyeye/telemetry';

export const logEvents = eventTable({
  ConsumerJoined: { level: 'info', says: 'A consumer joined its group.' },
  PartitionsAssigned: { level: 'info', says: 'Partitions of a group changed hands.' },
  MessageQuarantined: {
    level: 'warn',
    says: 'A message could not be processed; it was copied by the owner of the consumer and passed over.',
  },
  PartitionPaused: {
    level: 'error',
    says: 'A partition kept failing; it is tried again every few seconds. The dependency named in the error must come back.',
  },
  PartitionResumed: { level: 'info', says: 'A partition that was paused works again.' },
  ConsumerStopped: { level: 'error', says: 'A consumer met a fault of ours and stopped; the supervisor restarts the process.' },
  RetentionFailed: { level: 'warn', says: 'Old messages could not be removed; tried again at the next sweep.' },
  MessagesExpired: { level: 'debug', says: 'Old messages were removed.' },
  BrokerComplained: { level: 'warn', says: 'The Kafka client reported a problem that it handles by itself.' },
});

export const metricEntries = metricTable({
  sent: { kind: 'counter', name: 'stream_messages_sent_total', says: 'Messages made durable.' },
  delivered: { kind: 'counter', name: 'stream_messages_delivered_total', says: 'Messages taken by consumers, redeliveries included.' },
  poisoned: { kind: 'counter', name: 'stream_messages_poisoned_total', says: 'Messages handed to quarantine by a consumer loop.' },
  retried: { kind: 'counter', name: 'stream_batches_retried_total', says: 'Batches offered again after an error with handling retry.' },
  refusedFull: {
    kind: 'counter',
    name: 'stream_batches_refused_full_total',
    says: 'Offers of which a consumer took less than all: back-pressure.',
  },
  commit: {
    kind: 'histogram',
    name: 'stream_commit_ms',
    says: 'Time of one durable write of the log.',
    buckets: [0.2, 0.5, 1, 2, 5, 10, 25, 50, 100, 500, 2000],
  },
});
