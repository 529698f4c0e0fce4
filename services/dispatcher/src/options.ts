import { clusterOptions } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

/** Options of the dispatcher as a process of its own (cluster profile). */
export const options = optionTable({
  kafka: clusterOptions.kafka,
  redisUrl: clusterOptions.redisUrl,
  databaseUrl: clusterOptions.databaseUrl,
  keyFolder: clusterOptions.keyFolder,
  countyFile: clusterOptions.countyFile,
  host: clusterOptions.host,
  healthPort: clusterOptions.healthPort,
  migrate: { type: z.boolean().default(false), says: 'bring the schema of the ledger to this version first' },
  vapidSubject: { type: z.string().default(''), says: 'mailto: or https: address of the operator, for Web Push', range: '<address>' },
  vapidPublicKey: {
    type: z.string().default(''),
    says: 'public key for Web Push; without it the live stream alone carries pushes',
    range: '<key>',
  },
  vapidPrivateKey: { type: z.string().default(''), says: 'private key for Web Push', range: '<key>', secret: true },
  visitsPerDay: {
    type: z.coerce.number({ error: 'not a number' }).positive('not above 0').max(100_000, 'above 100000').optional(),
    says: 'visits that the county can make a day, as for the scorer: one or two of a hundred go to cases below the bar, drawn at random; none unless told',
    range: '0.1..100000',
  },
  logLevel: clusterOptions.logLevel,
});
