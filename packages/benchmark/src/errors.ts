import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('BENCHMARK', {
  mappingInvalid: { handling: 'refuse', message: 'the mapping is not valid' },
  formulaInvalid: { handling: 'refuse', message: 'a formula of the mapping is not valid' },
  tableUnreadable: { handling: 'refuse', message: 'the table cannot be read' },
  columnMissing: { handling: 'refuse', message: 'the table has no such column' },
  cellInvalid: { handling: 'refuse', message: 'a cell does not hold what the mapping says' },
  tooFew: { handling: 'refuse', message: 'the table does not reach over the asked time' },
});
