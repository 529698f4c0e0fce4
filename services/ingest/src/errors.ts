import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('INGEST', {
  notUtf8: { handling: 'quarantine', message: 'the bytes are not UTF-8' },
  notJson: { handling: 'quarantine', message: 'the text is not one JSON object' },
  tooDeep: { handling: 'quarantine', message: 'the JSON is nested deeper than a record can be' },
  forbiddenKey: { handling: 'quarantine', message: 'the record has a key that no record may have' },
  contract: { handling: 'quarantine', message: 'the record does not match the contract of its topic' },
  idConflict: { handling: 'quarantine', message: 'the id was used before by a record with another body; the first one is kept' },
  unknownTopic: { handling: 'quarantine', message: 'no source writes to this topic' },
});
