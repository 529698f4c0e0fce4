import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('MODEL', {
  unreadable: { handling: 'crash', message: 'a file of the model cannot be read' },
  checksumWrong: { handling: 'crash', message: 'a file of the model is not the one that was signed off' },
  unsigned: { handling: 'crash', message: 'no key of a release signed the files of the model' },
  malformed: { handling: 'crash', message: 'a file of the model does not have its form' },
  foreign: { handling: 'crash', message: 'the model was made for other inputs' },
  notFinite: { handling: 'crash', message: 'a weight of the model is not a finite number' },
  goldenWrong: { handling: 'crash', message: 'the model does not give what it gave when it was signed off' },
  batchInvalid: { handling: 'crash', message: 'a batch is not a whole number of rows of finite numbers' },
  answerInvalid: { handling: 'retry', message: 'the model gave something that is no probability' },
});
