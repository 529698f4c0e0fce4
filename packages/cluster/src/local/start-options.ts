import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';
import { clusterOptions } from '../options.ts';

const whole = (min: number, max: number, fallback: number) =>
  z.coerce.number({ error: 'not a number' }).int('not a whole number').min(min, `below ${min}`).max(max, `above ${max}`).default(fallback);

/** Options of `pnpm start:cluster`. */
export const startOptions = optionTable({
  servers: {
    type: z.enum(['auto', 'docker', 'local'], 'one of auto, docker, local').default('auto'),
    says: 'containers by Docker Compose, or servers installed on this machine; auto takes Docker when its engine answers',
    range: 'auto|docker|local',
  },
  port: {
    type: whole(1, 65_533, 8600),
    says: 'the console; the field app is on the next port, the bank gateway on the one after',
    range: '1..65533',
  },
  host: clusterOptions.host,
  data: {
    type: z.string().min(1).default('data-cluster'),
    says: 'folder where all state lives; with Docker, its secrets',
    range: '<folder>',
  },
  seed: { type: whole(1, 2_000_000_000, 1), says: 'which county is simulated; counts on the first start', range: '1..2000000000' },
  residents: { type: whole(200, 200_000, 20_000), says: 'how many people live in it; counts on the first start', range: '200..200000' },
  speed: { type: whole(1, 600, 5), says: 'county seconds per second', range: '1..600' },
  scams: {
    type: z.enum(['realistic', 'dense'], 'one of realistic, dense').default('dense'),
    says: 'as many scams as in life, or about one a minute',
    range: 'realistic|dense',
  },
  withoutSimulator: { type: z.boolean().default(false), says: 'no simulated county: records come from outside' },
  demoAccounts: { type: z.boolean().default(false), says: 'make the demonstration accounts without a simulated county too' },
  checkpointSeconds: clusterOptions.checkpointSeconds,
  logLevel: { ...clusterOptions.logLevel, says: 'how much is logged, to <data>/log' },
});

export type StartOptions = Extract<ReturnType<typeof startOptions.read>, { kind: 'values' }>['values'];
