import { countyOptions, whole } from '@skyeye/county';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

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
  ...countyOptions,
  withoutSimulator: { type: z.boolean().default(false), says: 'no simulated county: records come from outside' },
  visitsPerDay: {
    type: z.coerce.number({ error: 'not a number' }).positive('not above 0').max(100_000, 'above 100000').optional(),
    says: 'how many P1 and P2 the county can visit a day, about 15 for half a million people; none unless told, for the simulated scams are far denser than life',
    range: '0.1..100000',
  },
  memoryMb: {
    type: whole(64, 1_048_576, 1_048_576),
    says: 'ceiling of the engine, MiB; past it events wait on the log. Reference records as objects are not in it: a process with a million keys held 650 MB more',
    range: '64..1048576',
  },
  keyEventsMax: {
    type: whole(16, 10_000_000, 100_000),
    says: 'events held of one stream of one key; past it the oldest are counted together, and values that reach there say that they are approximate',
    range: '16..10000000',
  },
  models: {
    type: z.string().min(1).optional(),
    says: 'folder in which <name>/<version> of promoted models lie; that of this release unless told',
    range: '<folder>',
  },
  challenger: {
    type: z.string().min(1).optional(),
    says: 'folder of a model that watches beside the one that decides; it decides nothing and need not be signed',
    range: '<folder>',
  },
  drainSeconds: {
    type: whole(1, 3600, 10),
    says: 'how long a stop may take to finish what is on the way; what is not done by then, the next start does',
    range: '1..3600',
  },
  logLevel: {
    type: z.enum(['error', 'warn', 'info', 'debug'], 'one of error, warn, info, debug').default('warn'),
    says: 'how much is logged, to <data>/log',
    range: 'error|warn|info|debug',
  },
  optionsFile: { type: z.string().min(1).optional(), says: 'JSON file with these options', range: '<file>' },
});

export type Options = Extract<ReturnType<typeof options.read>, { kind: 'values' }>['values'];
