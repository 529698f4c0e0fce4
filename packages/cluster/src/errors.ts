import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('CLUSTER', {
  folderNotOurs: { handling: 'refuse', message: 'the data folder was written by another version or program; nothing was changed' },
  serverMissing: { handling: 'refuse', message: 'a server that the cluster needs is not installed' },
  portTaken: { handling: 'refuse', message: 'a port is taken by another program; nothing was changed' },
  interrupted: { handling: 'refuse', message: 'the start was interrupted; what had been started is stopped' },
  notReady: { handling: 'crash', message: 'a process did not get ready' },
  keepsEnding: { handling: 'crash', message: 'a process ends again and again' },
});
