import { clusterOptions, personOptions, portOption } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

/** Options of the service as a process of its own (cluster profile). */
export const options = optionTable({
  kafka: clusterOptions.kafka,
  databaseUrl: clusterOptions.databaseUrl,
  vaultReaderUrl: clusterOptions.vaultReaderUrl,
  redisUrl: clusterOptions.redisUrl,
  keyFolder: clusterOptions.keyFolder,
  serviceKey: clusterOptions.serviceKey,
  scorerOrigin: clusterOptions.scorerOrigin,
  countyFile: clusterOptions.countyFile,
  host: clusterOptions.host,
  port: portOption(8600),
  hosts: clusterOptions.hosts,
  ...personOptions,
  web: {
    type: z.string().min(1).default('services/command-center/web/dist'),
    says: 'folder of the built web application',
    range: '<folder>',
  },
  logLevel: clusterOptions.logLevel,
});
