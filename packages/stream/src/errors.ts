import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('STREAM', {
  messageTooLarge: { handling: 'refuse', message: 'a message is over the size limit' },
  unknownTopic: { handling: 'refuse', message: 'the topic does not exist' },
  partitionsDiffer: { handling: 'refuse', message: 'the topic exists with another number of partitions' },
  closed: { handling: 'refuse', message: 'the log is closed' },
  notAssigned: { handling: 'refuse', message: 'the partition is not assigned to this consumer' },
  fenced: { handling: 'refuse', message: 'the partition has gone to another member of the group' },
  folderInUse: { handling: 'refuse', message: 'another process is using the data folder' },
  folderNotWritable: { handling: 'refuse', message: 'the data folder cannot be written' },
  otherVersion: { handling: 'refuse', message: 'the data folder was written by another version' },
  queueFull: { handling: 'retry', message: 'too many bytes wait to be written' },
  diskFull: { handling: 'retry', message: 'no space is left for the log' },
  diskNotWritable: { handling: 'retry', message: 'the disk of the log cannot be written' },
  busy: { handling: 'retry', message: 'the log was locked by other writers for too long' },
  clockUnread: { handling: 'retry', message: 'the anchors of county time could not be read' },
  brokerUnreachable: { handling: 'retry', message: 'no broker answered' },
  corrupt: { handling: 'crash', message: 'the file of the log is damaged' },
});
