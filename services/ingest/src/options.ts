import { clusterOptions } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';

const { kafka, redisUrl, vaultWriterUrl, keyFolder, host, healthPort, logLevel } = clusterOptions;

/** Options of ingest as a process of its own (cluster profile). */
export const options = optionTable({
  kafka,
  redisUrl,
  vaultWriterUrl,
  keyFolder,
  host: { ...host, says: 'address of the health port' },
  healthPort,
  logLevel,
});
