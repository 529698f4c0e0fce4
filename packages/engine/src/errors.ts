import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('ENGINE', {
  formatUnknown: { handling: 'crash', message: 'the checkpoint has a format that this engine does not read' },
  pieceTruncated: { handling: 'crash', message: 'a piece of a checkpoint is shorter than it says' },
  pieceDamaged: { handling: 'crash', message: 'a piece of a checkpoint does not have its checksum' },
  pieceForeign: { handling: 'crash', message: 'a piece is of another checkpoint, or of none' },
  stateMoved: {
    handling: 'retry',
    message: 'the state was replaced while a checkpoint was made, or old events were forgotten; the next one is complete',
  },
  rebuilding: { handling: 'retry', message: 'the state is being built anew; one change at a time' },
  notHeld: { handling: 'refuse', message: 'no such feature, or no such event is held' },
  notEmpty: { handling: 'crash', message: 'a checkpoint is restored into an empty engine' },
});
