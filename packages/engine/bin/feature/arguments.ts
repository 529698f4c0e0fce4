import { parseArgs } from 'node:util';
import { loadCatalogue, type Feature } from '@skyeye/catalogue';
import { nearestWord } from '@skyeye/foundation';
import { formatError, NO_HOLIDAYS, staticDimensions, type LanguageError } from '@skyeye/language';
import type { Facts } from '../../src/analyst/index.ts';
import { createStamper } from '../../src/stamps.ts';
import { readDimensions, readEvents, readHolidays, Refusal } from './files.ts';

/** Options by name; every one takes a text, but those of `flags`. */
export interface Arguments {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly flags: ReadonlySet<string>;
}

/** Reads a command's arguments. @throws Refusal */
export function readArguments(argv: readonly string[], names: readonly string[], flags: readonly string[] = []): Arguments {
  const options = Object.fromEntries([
    ...names.map((name) => [name, { type: 'string' as const }] as const),
    ...flags.map((name) => [name, { type: 'boolean' as const }] as const),
  ]);
  try {
    const args = argv.filter((argument, index) => !(argument === '--' && index === 0));
    const { values, positionals } = parseArgs({ args, options, strict: true, allowPositionals: true });
    const given = Object.entries(values);
    return {
      words: positionals,
      options: Object.fromEntries(given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))),
      flags: new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))),
    };
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(error.message);
    throw error;
  }
}

/** Exactly these words, named for the message. @throws Refusal */
export function wordsNamed(words: readonly string[], ...names: readonly string[]): readonly string[] {
  const missing = names[words.length];
  if (missing !== undefined) throw new Refusal(`<${missing}> is missing`);
  if (words.length > names.length) throw new Refusal(`"${words[names.length]}" is one argument too many; a formula stands in quotes`);
  return words;
}

/** The options that `factsOf` reads. */
export const FACT_OPTIONS = ['events', 'dims', 'holidays', 'stamps'] as const;

/** The events of `--events` with what is known besides. @throws Refusal */
export function factsOf({ options }: Arguments): Facts {
  const { events, dims, holidays, stamps = 'given' } = options;
  if (events === undefined) throw new Refusal('--events is missing: the file of events, one JSON object a line');
  if (stamps !== 'given' && stamps !== 'computed') throw new Refusal(`--stamps ${stamps}: may be given or computed`);
  const table = readHolidays(holidays);
  const stamper = createStamper({ reference: null, holidays: table, mode: stamps });
  return {
    events: readEvents(events)
      .toSorted((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1))
      .map((event) => stamper.stamp(event)),
    dims: dims === undefined ? staticDimensions([]) : readDimensions(dims),
    holidays: holidays === undefined ? NO_HOLIDAYS : table,
  };
}

/** @throws Refusal with the nearest id */
export function featureNamed(id: string): Feature {
  const { byId } = loadCatalogue();
  const feature = byId.get(id);
  if (feature !== undefined) return feature;
  const near = nearestWord(id, [...byId.keys()]);
  throw new Refusal(`there is no feature "${id}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}

/** Mistakes of a formula given in the command line. */
export function formulaRefusal(source: string, mistakes: readonly LanguageError[]): Refusal {
  return new Refusal(mistakes.map((error) => formatError(source, error)).join('\n\n'));
}

/** Prints all at once. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
