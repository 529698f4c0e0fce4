import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

const whole = (min: number, max: number, fallback: number) =>
  z.coerce.number({ error: 'not a number' }).int('not a whole number').min(min, `below ${min}`).max(max, `above ${max}`).default(fallback);

/** Everything that can be set, from arguments, `SKYEYE_*` or the file named by `--options-file`. */
export const options = optionTable({
  port: {
    type: whole(1, 65_533, 8600),
    says: 'the console; the field app is on the next port, the bank gateway on the one after',
    range: '1..65533',
  },
  host: {
    type: z.string().min(1).default('127.0.0.1'),
    says: 'address to listen on; anything but loopback needs a proxy with TLS in front',
    range: '<address>',
  },
  data: { type: z.string().min(1).default('data'), says: 'folder where all state lives', range: '<folder>' },
  seed: {
    type: whole(1, 2_000_000_000, 1),
    says: 'which county is simulated; counts on the first start of a data folder',
    range: '1..2000000000',
  },
  residents: {
    type: whole(200, 200_000, 20_000),
    says: 'how many people live in it; counts on the first start of a data folder',
    range: '200..200000',
  },
  speed: { type: whole(1, 600, 5), says: 'county seconds per second', range: '1..600' },
  scams: {
    type: z.enum(['realistic', 'dense'], 'one of realistic, dense').default('dense'),
    says: 'as many scams as in life, or about one a minute',
    range: 'realistic|dense',
  },
  withoutSimulator: { type: z.boolean().default(false), says: 'no simulated county: records come from outside' },
  logLevel: {
    type: z.enum(['error', 'warn', 'info', 'debug'], 'one of error, warn, info, debug').default('warn'),
    says: 'how much is logged, to <data>/log',
    range: 'error|warn|info|debug',
  },
  optionsFile: { type: z.string().min(1).optional(), says: 'JSON file with these options', range: '<file>' },
});

export type Options = Extract<ReturnType<typeof options.read>, { kind: 'values' }>['values'];
