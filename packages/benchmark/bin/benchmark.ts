import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  countyMidnightMs,
  HANDBOOK,
  handbookFiles,
  handbookRows,
  parseMapping,
  readTransactions,
  reportJson,
  reportText,
  runLabelled,
} from '../src/index.ts';
import { nearestWord, optionTable, SkyeyeError, type OptionEntries, type OptionResult, type OptionValues } from '@skyeye/foundation';
import { z } from 'zod';

const days = z.coerce.number().int().min(1).max(365).default(7);
const seed = z.coerce.number().int().min(0).max(1_000_000).default(1);

const labelledOptions = optionTable({
  data: { type: z.string(), says: 'folder of CSV and Parquet files, or one file' },
  mapping: { type: z.string(), says: 'YAML file: which column is what, and the features' },
  trainStart: {
    type: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD')
      .refine((day) => !Number.isNaN(Date.parse(day)), 'no day of the calendar'),
    says: 'first day of the first training period',
    range: 'YYYY-MM-DD',
  },
  trainDays: { type: days, says: 'days trained on', range: '1..365' },
  delayDays: { type: days, says: 'days until a label is known; the gap between training and test', range: '1..365' },
  testDays: { type: days, says: 'days tested, and how far each fold begins behind the one before', range: '1..365' },
  folds: { type: z.coerce.number().int().min(1).max(52).default(4), says: 'training periods', range: '1..52' },
  json: { type: z.string().optional(), says: 'file for the same as JSON' },
  seed: { type: seed, says: 'seed of the learners', range: '0..1000000' },
});

const generateOptions = optionTable({
  out: { type: z.string(), says: 'folder to write one CSV file a day to' },
  seed: { type: seed, says: 'seed of the data', range: '0..1000000' },
  customers: { type: z.coerce.number().int().min(1).max(100_000).default(HANDBOOK.customers), says: 'customers', range: '1..100000' },
  terminals: { type: z.coerce.number().int().min(2).max(200_000).default(HANDBOOK.terminals), says: 'terminals', range: '2..200000' },
  days: { type: z.coerce.number().int().min(1).max(3650).default(HANDBOOK.days), says: 'days from 2018-04-01', range: '1..3650' },
  radius: { type: z.coerce.number().min(0).max(150).default(HANDBOOK.radius), says: 'how far customers go, on a map of 100 × 100' },
});

async function labelled(values: OptionValues<(typeof labelledOptions)['entries']>): Promise<void> {
  const mapping = parseMapping(readFileSync(values.mapping, 'utf8'));
  const table = await readTransactions(values.data, mapping);
  const { trainDays, delayDays, testDays, folds } = values;
  const result = await runLabelled(table, mapping, {
    startMs: countyMidnightMs(values.trainStart),
    trainDays,
    delayDays,
    testDays,
    folds,
    seed: values.seed,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(reportText(result));
  if (values.json !== undefined) {
    const { data: _data, mapping: _mapping, json: _json, ...options } = values;
    writeFileSync(values.json, `${JSON.stringify({ options, ...reportJson(result) }, null, 2)}\n`);
  }
}

function generateHandbook({ out, ...options }: OptionValues<(typeof generateOptions)['entries']>): Promise<void> {
  const rows = handbookRows(options);
  mkdirSync(out, { recursive: true });
  for (const { name, text } of handbookFiles(rows)) writeFileSync(join(out, name), text);
  process.stdout.write(`${rows.length} payments, ${rows.reduce((sum, { fraud }) => sum + fraud, 0)} frauds\n`);
  return Promise.resolve();
}

interface Command {
  readonly says: string;
  help(): string;
  run(argv: readonly string[]): Promise<number>;
}

function command<T extends OptionEntries>(
  name: string,
  says: string,
  table: {
    read(sources: { argv: readonly string[]; env: Readonly<Record<string, string | undefined>> }): OptionResult<T>;
    help(program: string): string;
  },
  run: (values: OptionValues<T>) => Promise<void>,
): Command {
  const help = (): string => table.help(`pnpm benchmark ${name}`);
  return {
    says,
    help,
    async run(argv) {
      const read = table.read({ argv, env: {} });
      if (read.kind === 'help') {
        process.stdout.write(`${says}\n\n${help()}\n`);
        return 0;
      }
      if (read.kind === 'mistakes') {
        process.stderr.write(`${read.mistakes.join('\n')}\n`);
        return 2;
      }
      try {
        await run(read.values);
        return 0;
      } catch (error) {
        if (error instanceof SkyeyeError && error.handling === 'refuse') {
          const facts = Object.entries(error.facts).map(([fact, value]) => `  ${fact}: ${value}`);
          process.stderr.write(`${[error.message, ...facts].join('\n')}\n`);
          return 2;
        }
        // A file that is not there is the caller's mistake, and the message names it.
        if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'EACCES')) {
          process.stderr.write(`${error.message}\n`);
          return 2;
        }
        throw error;
      }
    },
  };
}

const COMMANDS: Readonly<Record<string, Command>> = {
  labelled: command(
    'labelled',
    'trains and tests on an outside, labelled table of payments, as the Fraud Detection Handbook does',
    labelledOptions,
    labelled,
  ),
  'generate-handbook': command(
    'generate-handbook',
    'writes simulated payments after the description in the Fraud Detection Handbook',
    generateOptions,
    generateHandbook,
  ),
};

const USAGE = `pnpm benchmark <command>; --help after a command lists its options

${Object.entries(COMMANDS)
  .map(([name, { says }]) => `  ${name.padEnd(20)} ${says}`)
  .join('\n')}`;

async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(`${USAGE}\n`);
    return name === undefined ? 2 : 0;
  }
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (found !== undefined) return found.run(argv);
  const near = nearestWord(name, Object.keys(COMMANDS));
  process.stderr.write(`there is no command "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}\n\n${USAGE}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2).filter((argument, index) => !(argument === '--' && index === 0)));
