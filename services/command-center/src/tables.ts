import { eventTable, metricTable } from '@skyeye/telemetry';

export const logEvents = eventTable({
  CommandCenterStarted: { level: 'info', says: 'The live stream and the consumers run.' },
  FeedbackSent: { level: 'info', says: 'Coded results were written to the topic for learning.' },
  FeedbackDelayed: { level: 'warn', says: 'Coded results could not be written; they are written at the next try.' },
  RulesPublished: { level: 'info', says: 'What rules are in force has changed; scorers take it from the store.' },
  RulesNotPublished: {
    level: 'warn',
    says: 'What rules are in force could not be read or put into the store; scorers keep what they have.',
  },
  ModelsPublished: { level: 'info', says: 'What model decides or watches has changed; scorers take it from the store.' },
  ModelsNotPublished: {
    level: 'warn',
    says: 'What models decide and watch could not be read or put into the store; scorers keep what they have.',
  },
  RecordQuarantined: { level: 'warn', says: 'A message of a status topic could not be read and was passed over.' },
});

export const metricEntries = metricTable({
  feedback: { kind: 'counter', name: 'command_center_feedback_sent_total', says: 'Coded results written to the topic for learning.' },
  unreadable: {
    kind: 'counter',
    name: 'command_center_unreadable_messages_total',
    says: 'Messages of status topics that do not match their contract.',
  },
});
