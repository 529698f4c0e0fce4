/**
 * What is learned from results: `pnpm learning report` prints estimates, units that disagree, calibration and fairness;
 * `pnpm learning nightly` takes in the day, looks for drift, trains a candidate that goes to shadow, and fills the analysts' list.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readFolder, readLog } from '@skyeye/backtest';
import { optionTable, SkyeyeError } from '@skyeye/foundation';
import { modelsOf, openLedger, runningLedgerUrl, startEmbeddedPostgres, type Ledger } from '@skyeye/ledger';
import { modelAdapter } from '@skyeye/model';
import { z } from 'zod';
import { gather } from './learning/gather.ts';
import { nightly } from './learning/nightly.ts';
import { reportOf, reportText } from './learning/report.ts';
import { storedDays, type Arrivals } from './learning/stored-days.ts';

const MODELS = join(import.meta.dirname, '..');
const DAY_MS = 86_400_000;
/** Versions above are days of nights, not releases. */
const RELEASES_MAX = 100_000;

const count = (most: number) => z.coerce.number({ error: 'not a number' }).min(0, 'below 0').max(most, `above ${most}`);
const options = optionTable({
  data: {
    type: z.string().default('data'),
    says: 'data folder of the product, running or not; its stored events and its ledger',
    range: '<folder>',
  },
  ledger: {
    type: z.string().default(''),
    says: "address of the ledger in the cluster profile, instead of the data folder's",
    range: 'postgres://…',
  },
  events: {
    type: z.string().default(''),
    says: "stored events instead of the data folder's: what pnpm simulate wrote, or another data folder",
    range: '<folder>',
  },
  days: { type: count(3_650).default(90), says: 'days of incidents to look at', range: '1..3650' },
  now: {
    type: z
      .string()
      .default('')
      .transform((text) => (text === '' ? undefined : Date.parse(`${text}T23:59:59+08:00`)))
      .refine((ms) => ms === undefined || !Number.isNaN(ms), 'no day of the calendar'),
    says: 'end of the time to look at; the last stored event, or now, unless told',
    range: 'YYYY-MM-DD',
  },
  delayDays: { type: count(90).default(7), says: 'days until somebody of whom no case was filed is presumed to be none', range: '0..90' },
  labelsMin: { type: count(1_000_000).default(300), says: 'labels without which nothing is trained', range: '1..1000000' },
  models: { type: z.string().default(MODELS), says: 'where the models are and the candidate goes', range: '<folder>' },
  champion: {
    type: z.string().default(''),
    says: 'folder of the model to compare with; the one that decides unless told',
    range: '<folder>',
  },
  json: { type: z.string().default(''), says: 'file for the numbers', range: '<file>' },
});
type Values = Extract<ReturnType<typeof options.read>, { kind: 'values' }>['values'];

async function main(): Promise<number> {
  const [command, ...rest] = process.argv.slice(2).filter((argument) => argument !== '--');
  if (command !== 'report' && command !== 'nightly') {
    console.error(`pnpm learning report [options]\npnpm learning nightly [options]\n\n${options.help('pnpm learning')}`);
    return command === '--help' ? 0 : 2;
  }
  const read = options.read({ argv: rest, env: {} });
  if (read.kind === 'help') console.log(read.text);
  if (read.kind === 'mistakes') console.error(read.mistakes.join('\n'));
  if (read.kind !== 'values') return read.kind === 'help' ? 0 : 2;
  const { values } = read;
  const { ledger, close } = await openTheLedger(values);
  try {
    const made = command === 'report' ? await report(ledger, values) : await night(ledger, values);
    if (values.json !== '') writeFileSync(values.json, `${JSON.stringify(made, null, 2)}\n`);
    return 0;
  } finally {
    await close();
  }
}

async function report(ledger: Ledger, values: Values): Promise<object> {
  // Cases are among the stored events; without any, results and reviews speak alone.
  const stored =
    values.events === '' && !existsSync(join(values.data, 'stream'))
      ? null
      : await withEvents(values, async (arrivals) => storedDays(await arrivals()));
  const toMs = values.now ?? stored?.untilMs ?? Date.now();
  const fromMs = toMs - values.days * DAY_MS;
  const made = reportOf(await gather(ledger, { fromMs, toMs: toMs + 1 }), stored?.cases ?? [], { fromMs, toMs });
  console.log(reportText(made));
  return made;
}

async function night(ledger: Ledger, values: Values): Promise<object> {
  const adapter = await modelAdapter('wasm');
  const { now: nowMs, models, days, delayDays, labelsMin } = values;
  const facts = await withEvents(values, async (arrivals) =>
    nightly({
      ledger,
      arrivals,
      nowMs,
      models: resolve(models),
      champion: await championOf(ledger, values),
      adapter,
      days,
      delayDays,
      labelsMin,
      say: (line) => console.log(line),
    }),
  );
  console.log(JSON.stringify(facts, null, 2));
  return facts;
}

/** Stored events. The log of a product that runs is copied first, in one transaction of the log's file. */
async function withEvents<T>(values: Values, use: (arrivals: () => Promise<Arrivals>) => Promise<T>): Promise<T> {
  const folder = values.events === '' ? values.data : values.events;
  const log = join(folder, 'stream');
  if (!existsSync(log)) return use(() => Promise.resolve(readFolder(folder)));
  const copy = mkdtempSync(join(tmpdir(), 'skyeye-learning-'));
  try {
    const db = new DatabaseSync(join(log, 'log.db'), { readOnly: true });
    db.prepare('VACUUM INTO ?').run(join(copy, 'log.db'));
    db.close();
    return await use(() => readLog(copy));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function openTheLedger({ ledger: url, data }: Values): Promise<{ ledger: Ledger; close: () => Promise<void> }> {
  if (url !== '') {
    const ledger = openLedger({ url, poolMax: 2 });
    return { ledger, close: () => ledger.close() };
  }
  const folder = join(data, 'database');
  if (!existsSync(folder)) throw new NoLedger(`no ledger in ${data}; give the product's data folder with --data, or --ledger`);
  const running = await runningLedgerUrl(folder);
  const server = running === null ? await startEmbeddedPostgres({ folder }) : null;
  const ledger = openLedger({ url: running ?? server?.ledgerUrl ?? '', poolMax: 2 });
  return {
    ledger,
    async close() {
      await ledger.close();
      await server?.stop();
    },
  };
}

class NoLedger extends Error {}

/** The promoted one, else the newest release. */
async function championOf(ledger: Ledger, { champion, models }: Values): Promise<string> {
  if (champion !== '') return resolve(champion);
  const promoted = (await modelsOf(ledger)).models.find(({ name }) => name === 'person')?.champion;
  const released = readdirSync(join(MODELS, 'person')).filter((name) => /^\d+$/.test(name) && Number(name) < RELEASES_MAX);
  const newest = released.toSorted((a, b) => Number(b) - Number(a))[0] ?? '1';
  return promoted === null || promoted === undefined ? join(MODELS, 'person', newest) : join(resolve(models), 'person', promoted.version);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof NoLedger) {
    console.error(error.message);
    process.exit(2);
  }
  if (!(error instanceof SkyeyeError) || error.handling === 'crash') throw error;
  console.error(`learning: ${error.message} (${error.code})`);
  process.exitCode = 1;
}
