import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('VAULT', {
  keyFileOpen: { handling: 'crash', message: 'the master key file can be read by others than its owner' },
  keyFileBroken: { handling: 'crash', message: 'the master key file does not hold a key' },
  keyMismatch: { handling: 'crash', message: 'the vault was written with another master key' },
  tampered: { handling: 'refuse', message: 'a sealed value was changed or belongs to another place' },
  purposeMissing: { handling: 'refuse', message: 'an identifier is shown in clear only for a stated purpose' },
});
