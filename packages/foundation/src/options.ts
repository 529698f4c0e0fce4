import { z } from 'zod';

/** One option: where it can be given, what it means, what it may be. */
export interface OptionEntry<S extends z.ZodType = z.ZodType> {
  /** A zod type that reads a string (use z.coerce) and has the default. */
  readonly type: S;
  /** One sentence for --help. */
  readonly says: string;
  /** Shown in --help after the name, e.g. `1..600`. */
  readonly range?: string;
  /** Never printed. */
  readonly secret?: boolean;
}

export type OptionEntries = Readonly<Record<string, OptionEntry>>;
export type OptionValues<T extends OptionEntries> = { readonly [K in keyof T]: z.output<T[K]['type']> };

export interface OptionSources {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of an option file, already parsed from JSON. */
  readonly file?: Readonly<Record<string, unknown>>;
}

export type OptionResult<T extends OptionEntries> =
  | { readonly kind: 'values'; readonly values: OptionValues<T> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly string[] };

const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const envName = (key: string): string => `SKYEYE_${kebab(key).replaceAll('-', '_').toUpperCase()}`;

/**
 * A table of options, read from arguments (`--port 8080`, `--port=8080`, `--without-simulator`), environment
 * (`SKYEYE_PORT`) and a file, in this order of strength. All mistakes are collected, none is thrown.
 */
export function optionTable<const T extends OptionEntries>(
  entries: T,
): { entries: T; read(sources: OptionSources): OptionResult<T>; help(program: string): string } {
  const byFlag = new Map(Object.keys(entries).map((key) => [kebab(key), key]));
  const isSwitch = (key: string): boolean =>
    entries[key]?.type.safeParse(true).success === true &&
    entries[key]?.type.safeParse('x').success === false &&
    entries[key]?.type.safeParse('7').success === false;
  const help = (program: string): string => {
    const rows = Object.entries(entries).map(([key, entry]) => {
      const flag = `--${kebab(key)}${isSwitch(key) ? '' : ` ${entry.range ?? '<value>'}`}`;
      const fallback = entry.type.safeParse(undefined);
      const shown =
        fallback.success && fallback.data !== undefined && entry.secret !== true ? ` (default ${JSON.stringify(fallback.data)})` : '';
      return `  ${flag.padEnd(32)} ${entry.says}${shown}  [${envName(key)}]`;
    });
    return [`${program} [options]`, '', ...rows].join('\n');
  };
  const read = ({ argv, env, file = {} }: OptionSources): OptionResult<T> => {
    const mistakes: string[] = [];
    const given = new Map<string, { value: unknown; from: string }>();
    for (const [key, value] of Object.entries(file)) {
      if (key in entries) given.set(key, { value, from: 'file' });
      else mistakes.push(`file: unknown option "${key}"${nearest(key, Object.keys(entries))}`);
    }
    for (const key of Object.keys(entries)) {
      const value = env[envName(key)];
      if (value !== undefined && value !== '')
        given.set(key, { value: isSwitch(key) ? value === 'true' || value === '1' : value, from: envName(key) });
    }
    for (let index = 0; index < argv.length; index++) {
      const argument = argv[index] ?? '';
      if (argument === '--help' || argument === '-h') return { kind: 'help', text: help('skyeye') };
      if (argument === '--') continue;
      const match = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(argument);
      const key = match?.[1] === undefined ? undefined : byFlag.get(match[1]);
      if (match === null || key === undefined) {
        mistakes.push(`unknown option "${argument}"${nearest(argument.replace(/^--/, ''), [...byFlag.keys()], '--')}`);
        continue;
      }
      if (isSwitch(key)) {
        given.set(key, { value: match[2] === undefined ? true : match[2] === 'true', from: argument });
        continue;
      }
      const value = match[2] ?? argv[++index];
      if (value === undefined) mistakes.push(`--${match[1]} needs a value`);
      else given.set(key, { value, from: `--${match[1]}` });
    }
    const values: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(entries)) {
      const source = given.get(key);
      const parsed = entry.type.safeParse(source?.value);
      if (parsed.success) values[key] = parsed.data;
      else
        mistakes.push(
          `${source?.from ?? `--${kebab(key)}`}: ${parsed.error.issues[0]?.message ?? 'not valid'}${entry.range === undefined ? '' : ` (may be ${entry.range})`}`,
        );
    }
    return mistakes.length > 0 ? { kind: 'mistakes', mistakes } : { kind: 'values', values: values as OptionValues<T> };
  };
  return { entries, read, help };
}

function nearest(word: string, candidates: readonly string[], prefix = ''): string {
  const best = nearestWord(word, candidates);
  return best === undefined ? '' : `; did you mean "${prefix}${best}"?`;
}

/** The candidate within an edit distance of two, or a third of the word's length, or undefined. Cost: candidates × length². */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
