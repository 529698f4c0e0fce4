import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { readDimensions, readEvents, readHolidays, Refusal } from './files.ts';
import { valueRows } from './rows.ts';

const OPTIONS = {
  events: { type: 'string' },
  dims: { type: 'string' },
  engine: { type: 'string', default: 'fast' },
  stamps: { type: 'string', default: 'given' },
  holidays: { type: 'string' },
} as const;

/**
 * `feature values`: a row for every evaluation that every event of the file triggers, in total order, timers left out.
 * Everything is read and checked before the first byte is printed.
 */
export async function values(argv: readonly string[]): Promise<number> {
  try {
    const { engine, events, dims, stamps, holidays } = optionsOf(argv);
    const rows = valueRows({ engine, events: readEvents(events), dims: readDimensions(dims), stamps, holidays: readHolidays(holidays) });
    await pipeline(Readable.from(rows), process.stdout, { end: false });
    return 0;
  } catch (error) {
    // A reader that stops early, as `head` does, is no failure of ours.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

interface ValuesOptions {
  readonly engine: 'slow' | 'fast';
  readonly events: string;
  readonly dims: string;
  readonly stamps: 'given' | 'computed';
  readonly holidays: string | undefined;
}

function optionsOf(argv: readonly string[]): ValuesOptions {
  const given = parsed(argv.filter((argument, index) => !(argument === '--' && index === 0)));
  const mistakes: string[] = [];
  if (given.events === undefined) mistakes.push('--events is missing: the file of events, one JSON object a line');
  if (given.dims === undefined) mistakes.push('--dims is missing: the file of attributes, a JSON list of [kind of key, key, attributes]');
  if (given.engine !== 'slow' && given.engine !== 'fast') mistakes.push(`--engine ${given.engine}: may be slow or fast`);
  if (given.stamps !== 'given' && given.stamps !== 'computed') mistakes.push(`--stamps ${given.stamps}: may be given or computed`);
  if (mistakes.length > 0) throw new Refusal(mistakes.join('\n'));
  return {
    engine: given.engine === 'slow' ? 'slow' : 'fast',
    events: given.events ?? '',
    dims: given.dims ?? '',
    stamps: given.stamps === 'computed' ? 'computed' : 'given',
    holidays: given.holidays,
  };
}

function parsed(args: string[]): { events?: string; dims?: string; engine: string; stamps: string; holidays?: string } {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(error.message);
    throw error;
  }
}
