import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('BACKTEST', {
  noRecords: { handling: 'refuse', message: 'the folder holds no stored events' },
  lineBroken: { handling: 'refuse', message: 'a stored line is no record' },
});
