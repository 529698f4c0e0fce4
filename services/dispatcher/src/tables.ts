import { errorTable } from '@skyeye/foundation';
import { eventTable, metricTable } from '@skyeye/telemetry';

export const errors = errorTable('DISPATCHER', {
  assessmentContract: { handling: 'quarantine', message: 'a message on the topic is not an assessment' },
  subjectContract: { handling: 'quarantine', message: 'a message on the topic is not an assessment of an account or a number' },
  referenceContract: { handling: 'quarantine', message: 'a message on the topic is not a reference record' },
});

export const logEvents = eventTable({
  IncidentOpened: { level: 'info', says: 'A person had no open incident and has one now.' },
  ClocksRunOut: { level: 'warn', says: 'Time limits of incidents passed; the next one who answers for them was told.' },
  HoldsEnded: { level: 'info', says: 'Holds expired by themselves after their 30 minutes.' },
  LoopFailed: { level: 'warn', says: 'A turn of the clock loop or the outbox failed; it is tried again.' },
  PushAbandoned: { level: 'warn', says: 'A push service refused a push too often; the terminal still has it in its list.' },
  PushSent: { level: 'debug', says: 'Pushes were handed to push services.' },
});

export const metricEntries = metricTable({
  assessments: {
    kind: 'counter',
    name: 'dispatcher_assessments_total',
    says: 'Assessments by what became of them.',
    labels: { outcome: ['open', 'continue', 'realert', 'update', 'ignore', 'replayed'] },
  },
  subjects: { kind: 'counter', name: 'dispatcher_subjects_total', says: 'Assessments of accounts and numbers that changed something.' },
  references: { kind: 'counter', name: 'dispatcher_reference_records_total', says: 'Reference records taken into the residents.' },
  clocks: {
    kind: 'counter',
    name: 'dispatcher_clocks_run_out_total',
    says: 'Clocks that ran out and were handled.',
    labels: { step: ['sign', 'first_call', 'dispatch', 'at_door', 'feedback', 'escalate_county', 'escalate_city', 'follow_up'] },
  },
  holds: { kind: 'counter', name: 'dispatcher_holds_expired_total', says: 'Holds that ended by themselves.' },
  pushes: {
    kind: 'counter',
    name: 'dispatcher_pushes_total',
    says: 'Pushes of the outbox by what became of them.',
    labels: { outcome: ['sent', 'live_only', 'retried', 'abandoned'] },
  },
  latencyMs: {
    kind: 'histogram',
    name: 'dispatcher_record_to_alert_ms',
    says: 'Wall time from ingest of the cause to its alert being visible.',
    buckets: [10, 30, 50, 100, 250, 500, 1000, 3000, 10000],
  },
  batchMs: {
    kind: 'histogram',
    name: 'dispatcher_batch_duration_ms',
    says: 'Time from a batch of assessments to its transactions being committed.',
    buckets: [1, 3, 10, 30, 100, 300, 1000, 3000],
  },
});
