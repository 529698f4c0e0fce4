import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('ENGINE', {
  formatUnknown: { handling: 'crash', message: 'the checkpoint has a format that this engine does not read' },
  notEmpty: { handling: 'crash', message: 'a checkpoint is restored into an empty engine' },
});
