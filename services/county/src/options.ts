import { clusterOptions, portOption } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';
import { countyOptions } from './county-options.ts';

const address = z.string().startsWith('http', 'not an http:// address');

/** Options of the simulated county as a process of its own (cluster profile). */
export const options = optionTable({
  kafka: clusterOptions.kafka,
  redisUrl: clusterOptions.redisUrl,
  databaseUrl: clusterOptions.databaseUrl,
  keyFolder: clusterOptions.keyFolder,
  folder: { type: z.string().min(1), says: 'folder where the county keeps what cannot be made again from its seed', range: '<folder>' },
  fieldUrl: { type: address, says: 'the field service, which simulated officers use', range: '<url>' },
  bankUrl: { type: address, says: 'the bank gateway, which simulated banks ask', range: '<url>' },
  ...countyOptions,
  humanUnits: {
    type: z
      .string()
      .default('')
      .transform((text) => text.split(',').filter((unit) => unit !== '')),
    says: "units whose tasks are left to a person, separated by commas; the first team's when empty",
    range: '<units>',
  },
  host: { ...clusterOptions.host, says: 'address of the health port' },
  healthPort: { ...portOption(0), says: clusterOptions.healthPort.says },
  logLevel: clusterOptions.logLevel,
});
