export { createMemoryStore, type MemoryStoreOptions } from './adapters/memory.ts';
export { createRedisStore, type RedisStoreOptions } from './adapters/redis.ts';
export { errors as storeErrors } from './errors.ts';
export { createLooker, type Looker, type LookerOptions } from './looker.ts';
export * from './port.ts';
