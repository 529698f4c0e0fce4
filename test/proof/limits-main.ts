import { parseArgs } from 'node:util';
import { busyKey, ceiling, newcomers, type Limit } from './limits.ts';
import { fullDisk, noSmallDisk } from './small-disk.ts';

const USAGE = `pnpm proof:limits [--events 10000000] [--entities 100000] [--seconds 3] [--only busy,new,ceiling,disk]

  What the engine and its stores do at their limits, each with rate, longest pause and memory: one account with so many events
  within an hour, so many accounts and persons a second that nobody has seen, a ceiling of memory, a disk that is full. Ends
  with 1 where one does not hold.`;

const MB = 1024 * 1024;
const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    entities: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'busy,new,ceiling,disk' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function number(name: 'events' | 'entities' | 'seconds'): number {
  const value = Number(options[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} ${options[name]}: a whole number above 0 is needed`);
  process.exit(2);
}

const parts: Readonly<Record<string, () => Limit>> = {
  busy: () => busyKey({ events: number('events') }),
  new: () => newcomers({ perSecond: number('entities'), seconds: number('seconds'), bytesMax: 4_096 * MB }),
  ceiling: () => ceiling({ bytesMax: 64 * MB }),
  disk() {
    const reason = noSmallDisk();
    return reason === null ? fullDisk() : { says: `a full disk: left out, ${reason}`, broken: [] };
  },
};

if (options.help) console.log(USAGE);
else
  for (const name of options.only.split(',')) {
    const part = parts[name];
    if (part === undefined) {
      console.error(`--only ${name}: may be ${Object.keys(parts).join(', ')}`);
      process.exit(2);
    }
    const { says, broken } = part();
    console.log(says);
    for (const one of broken) console.error(`  NOT HELD: ${one}`);
    if (broken.length > 0) process.exitCode = 1;
  }
