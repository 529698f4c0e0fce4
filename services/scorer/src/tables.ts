import { errorTable } from '@skyeye/foundation';
import { eventTable, metricTable } from '@skyeye/telemetry';

export const errors = errorTable('SCORER', {
  eventContract: { handling: 'quarantine', message: 'an event on the topic does not match the contract of its stream' },
  referenceContract: { handling: 'quarantine', message: 'a reference record on the topic is not one' },
  snapshotBroken: { handling: 'crash', message: 'a part of the checkpoint is missing or does not fit' },
});

export const logEvents = eventTable({
  StateRestored: { level: 'info', says: 'A checkpoint was taken in; the log is read on from its positions.' },
  StateMissed: { level: 'info', says: 'No checkpoint: the log is read from its beginning.' },
  CheckpointRefused: {
    level: 'error',
    says: 'A checkpoint could not be read; the one before it is tried, then the log from its beginning.',
  },
  CheckpointNotWritten: {
    level: 'warn',
    says: 'A checkpoint could not be written; the one before it stands, and more is read again after a restart.',
  },
  ClockPostponed: { level: 'warn', says: 'A minute clock could not be finished; what it said is sent with the next.' },
  BacklogFinished: { level: 'info', says: 'The backlog is read; hold questions and minute clocks are answered from now on.' },
  CheckpointWritten: { level: 'info', says: 'State up to the positions is durable.' },
  ReadingPaused: {
    level: 'error',
    says: 'The engine is at its ceiling of memory; events wait on the log until there is room or the ceiling is raised.',
  },
  ReadingResumed: { level: 'info', says: 'The engine has room again; events are read on.' },
  ModelRefused: {
    level: 'error',
    says: 'A model could not be loaded; the one before decides, or rules alone where there is none (invariant 5).',
  },
  ChallengerFailed: { level: 'warn', says: 'The model that only watches failed; nothing that was decided is touched.' },
  ModelFailed: { level: 'warn', says: 'The model was late or failed; rules alone decided (invariant 5).' },
  QuestionNotTold: {
    level: 'warn',
    says: 'What a bank’s question made of its customer could not be told; the next event of that person is.',
  },
  BarMoved: {
    level: 'info',
    says: 'The priority that P1 and P2 need follows the budget of visits; a watched phone with a transfer waiting needs none.',
  },
  KeysErased: { level: 'info', says: 'Keys were erased from the state and from every checkpoint.' },
  ErasureFailed: { level: 'error', says: 'An erasure could not be finished; it begins anew when it is asked for again.' },
  RulesReplaced: { level: 'info', says: 'Other rules are in force, from the next event on.' },
  RuleRefused: { level: 'error', says: 'A rule in force cannot be read by this release; it is left out, the others hold.' },
  RulesNotRead: { level: 'warn', says: 'What rules are in force could not be read or counted; what was in force stays.' },
  ModelPlaced: { level: 'info', says: 'Another model decides or watches, from the next judgement on.' },
  ModelsNotRead: { level: 'warn', says: 'What models decide and watch could not be read or told; what was loaded stays.' },
  BarNotTold: { level: 'warn', says: 'Where the bar stands could not be put into the store; it is told at the next look.' },
  EventQuarantined: { level: 'warn', says: 'An event was refused; its bytes are in quarantine.' },
});

export const metricEntries = metricTable({
  events: {
    kind: 'counter',
    name: 'scorer_events_total',
    says: 'Events by what became of them; the sum is what was read.',
    labels: { outcome: ['folded', 'late', 'duplicate', 'tooLate', 'quarantined'] },
  },
  evaluations: { kind: 'counter', name: 'scorer_evaluations_total', says: 'Feature values computed.' },
  assessments: {
    kind: 'counter',
    name: 'scorer_assessments_total',
    says: 'Assessments sent.',
    labels: { level: ['P1', 'P2', 'P3', 'P4', 'none'] },
  },
  subjects: {
    kind: 'counter',
    name: 'scorer_subjects_total',
    says: 'Assessments of accounts and numbers sent.',
    labels: { kind: ['account', 'number'], level: ['P1', 'P2', 'P3', 'P4', 'none'] },
  },
  subjectsMs: {
    kind: 'histogram',
    name: 'scorer_subjects_duration_ms',
    says: 'Time of accounts and numbers in one slice of events, their models included.',
    buckets: [0.03, 0.1, 0.3, 1, 3, 10, 30],
  },
  fellBack: {
    kind: 'counter',
    name: 'scorer_rules_alone_total',
    says: 'Assessments that rules alone decided because the model was late or failed.',
  },
  abstained: {
    kind: 'counter',
    name: 'scorer_model_abstained_total',
    says: 'Judgements in the abstain band of the model, which count as its lower edge.',
  },
  challenger: {
    kind: 'counter',
    name: 'scorer_challenger_total',
    says: 'Judgements of the model that only watches: on which side of one half it stands beside the one that decides.',
    labels: { outcome: ['agrees', 'higher', 'lower', 'failed', 'passedOver'] },
  },
  inferenceMs: {
    kind: 'histogram',
    name: 'scorer_inference_duration_ms',
    says: 'Time of the model for one batch of judgements.',
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100],
  },
  rules: {
    kind: 'gauge',
    name: 'scorer_rules_in_force_count',
    says: 'Rules in force; how often each held stands in the list of rules.',
    labels: { state: ['live', 'shadow'] },
  },
  rulesHeld: {
    kind: 'counter',
    name: 'scorer_rules_held_total',
    says: 'Rules that held at a cause; those in shadow alert nobody.',
    labels: { state: ['live', 'shadow'] },
  },
  peeks: {
    kind: 'counter',
    name: 'scorer_peeks_total',
    says: 'Hold questions answered.',
    labels: { outcome: ['answered', 'refused', 'starting'] },
  },
  batchMs: {
    kind: 'histogram',
    name: 'scorer_batch_duration_ms',
    says: 'Time from a batch to its assessments being durable.',
    buckets: [1, 3, 10, 30, 100, 300, 1000, 3000],
  },
  peekMs: {
    kind: 'histogram',
    name: 'scorer_peek_duration_ms',
    says: 'Time of a hold question inside the scorer.',
    buckets: [0.3, 1, 3, 10, 30, 100, 300],
  },
  latencyMs: {
    kind: 'histogram',
    name: 'scorer_record_to_assessment_ms',
    says: 'Wall time from ingest of the cause to its assessment being durable.',
    buckets: [10, 30, 50, 100, 250, 500, 1000, 3000, 10000],
  },
  bar: {
    kind: 'gauge',
    name: 'scorer_visit_bar_fen',
    says: 'Priority that a case needs for P1 or P2 by the budget of visits; 0 without a budget.',
  },
  held: { kind: 'gauge', name: 'scorer_events_held_count', says: 'Events in memory.' },
  bytes: { kind: 'gauge', name: 'scorer_engine_size_bytes', says: 'Memory of the engine.' },
  approximate: {
    kind: 'gauge',
    name: 'scorer_keys_approximate_count',
    says: 'People, phones and accounts whose oldest events are counted together, so that values that reach there are near and not exact.',
  },
  full: { kind: 'gauge', name: 'scorer_reading_paused_count', says: '1 while the engine is at its ceiling and events wait on the log.' },
  checkpointMs: {
    kind: 'histogram',
    name: 'scorer_checkpoint_duration_ms',
    says: 'Time of writing a checkpoint.',
    buckets: [100, 300, 1000, 3000, 10000, 30000],
  },
  closingMs: {
    kind: 'histogram',
    name: 'scorer_checkpoint_closing_ms',
    says: 'Time in which no event is folded, while the last parts of a checkpoint are made.',
    buckets: [10, 30, 50, 100, 250, 500, 1000, 3000],
  },
  heldUpMs: {
    kind: 'histogram',
    name: 'scorer_held_up_ms',
    says: 'Of every quarter of a second the longest time in which the scorer could do nothing else, waiting for a processor included.',
    buckets: [30, 50, 100, 250, 500, 1000, 3000],
  },
});
