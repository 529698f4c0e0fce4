import { clusterOptions, portOption } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';

const { kafka, redisUrl, databaseUrl, vaultWriterUrl, keyFolder, serviceKey, scorerOrigin, host, hosts, logLevel } = clusterOptions;

/** Options of the bank gateway as a process of its own (cluster profile). */
export const options = optionTable({
  kafka,
  redisUrl,
  databaseUrl,
  vaultWriterUrl,
  keyFolder,
  serviceKey,
  scorerOrigin,
  host,
  port: portOption(8602),
  hosts,
  logLevel,
});
