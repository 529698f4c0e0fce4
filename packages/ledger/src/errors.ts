import { errorTable } from '@skyeye/foundation';

/** What can go wrong between us and the database, and what a caller may not ask of the ledger. */
export const errors = errorTable('LEDGER', {
  unreachable: { handling: 'retry', message: 'the database did not answer' },
  busy: { handling: 'retry', message: 'no connection of the pool became free in time' },
  timeout: { handling: 'retry', message: 'the statement took longer than its limit' },
  conflict: { handling: 'retry', message: 'the transaction collided with others too often' },
  diskFull: { handling: 'retry', message: 'the disk of the database is full' },
  readOnly: { handling: 'retry', message: 'the database accepts no writes' },
  accessRefused: { handling: 'crash', message: 'the database refused the role, the password or the database name' },
  schemaMissing: { handling: 'crash', message: 'the schema of the database is not the one of this version' },
  statementFailed: { handling: 'crash', message: 'the database rejected a statement' },
  migrationFailed: { handling: 'crash', message: 'the schema could not be brought to this version' },
  textRefused: { handling: 'refuse', message: 'a text contains bytes that cannot be stored' },
  serverMissing: { handling: 'crash', message: 'no embedded database server for this platform is installed' },
  serverFailed: { handling: 'crash', message: 'the embedded database server did not start' },
  folderUnusable: { handling: 'crash', message: 'the folder of the embedded database cannot be used' },
  folderOtherVersion: { handling: 'crash', message: 'the folder was made by another major version of the database' },
  notFound: { handling: 'refuse', message: 'no such entry' },
  staleVersion: { handling: 'refuse', message: 'the incident has changed since it was read' },
  replayedBefore: {
    handling: 'refuse',
    message: 'the record was sent to its topic before; if it was refused again it stands in quarantine anew, and that one can be sent',
  },
  idReused: { handling: 'refuse', message: 'the same id came before with another body' },
  notYours: { handling: 'refuse', message: 'the task belongs to another unit' },
  ruleKnown: { handling: 'refuse', message: 'this version of the rule is known already' },
  ruleStep: { handling: 'refuse', message: 'the version of the rule is not where this step begins' },
  ruleOwn: { handling: 'refuse', message: 'a rule is approved by a person who wrote no version of it' },
  ruleMutual: {
    handling: 'refuse',
    message: 'an author of this rule approved a rule of the approver within 30 days; a third person approves it',
  },
  ruleNumbers: { handling: 'refuse', message: 'the numbers do not allow approval: a backtest and a day in shadow, both below the limit' },
});
