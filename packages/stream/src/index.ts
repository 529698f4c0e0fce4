export { createEmbeddedLog, type EmbeddedLog, type EmbeddedLogOptions } from './adapters/embedded.ts';
export { createKafkaLog, type KafkaLogOptions } from './adapters/kafka.ts';
export { followClockTopic, type FollowedClock } from './county-clock.ts';
export { errors as streamErrors } from './errors.ts';
export { lockFolder, processToken, type FolderLock } from './lock.ts';
export { murmur2, partitionOf } from './partition.ts';
export * from './port.ts';
