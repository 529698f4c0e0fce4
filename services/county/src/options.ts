import { clusterOptions, portOption } from '@skyeye/cluster';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

const whole = (min: number, max: number, fallback: number) =>
  z.coerce.number({ error: 'not a number' }).int('not a whole number').min(min, `below ${min}`).max(max, `above ${max}`).default(fallback);
const address = z.string().startsWith('http', 'not an http:// address');

/** Options of the simulated county as a process of its own (cluster profile). */
export const options = optionTable({
  kafka: clusterOptions.kafka,
  databaseUrl: clusterOptions.databaseUrl,
  keyFolder: clusterOptions.keyFolder,
  folder: { type: z.string().min(1), says: 'folder where the county keeps what cannot be made again from its seed', range: '<folder>' },
  fieldUrl: { type: address, says: 'the field service, which simulated officers use', range: '<url>' },
  bankUrl: { type: address, says: 'the bank gateway, which simulated banks ask', range: '<url>' },
  seed: {
    type: whole(1, 2_000_000_000, 1),
    says: 'which county is simulated; counts on the first start of a folder',
    range: '1..2000000000',
  },
  residents: {
    type: whole(200, 200_000, 20_000),
    says: 'how many people live in it; counts on the first start of a folder',
    range: '200..200000',
  },
  speed: { type: whole(1, 600, 5), says: 'county seconds per second', range: '1..600' },
  scams: {
    type: z.enum(['realistic', 'dense'], 'one of realistic, dense').default('dense'),
    says: 'as many scams as in life, or about one a minute',
    range: 'realistic|dense',
  },
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
