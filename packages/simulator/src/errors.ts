import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('SIMULATOR', {
  bankRefused: { handling: 'refuse', message: 'the bank gateway refused the question' },
  bankUnreachable: { handling: 'retry', message: 'the bank gateway did not answer' },
  fieldRefused: { handling: 'refuse', message: 'the field service refused the step' },
  fieldUnreachable: { handling: 'retry', message: 'the field service did not answer' },
  journalBroken: { handling: 'crash', message: 'the journal of the county has an unreadable line before its end' },
  journalOfAnother: { handling: 'refuse', message: 'the folder belongs to a county with another seed, size or mode' },
});
