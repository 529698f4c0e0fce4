export { available, chromiumPath, KAFKA_VERSION, type Availability, type ServerName } from './available.ts';
export { IMAGES } from './container.ts';
export { startKafka, type KafkaServer } from './kafka.ts';
export { startPostgres, type PostgresServer } from './postgres.ts';
export { freePort, removeFolder, temporaryFolder } from './process.ts';
export { startRedis, type RedisServer } from './redis.ts';
