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
  countyFile: clusterOptions.countyFile,
  host: clusterOptions.host,
  port: portOption(8601),
  hosts: clusterOptions.hosts,
  ...personOptions,
  web: { type: z.string().min(1).default('services/field/web/dist'), says: 'folder of the built web application', range: '<folder>' },
  vapidPublicKey: {
    type: z.string().default(''),
    says: 'public key for Web Push; without it the live stream alone carries tasks',
    range: '<key>',
  },
  logLevel: clusterOptions.logLevel,
});
