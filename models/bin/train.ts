/**
 * Trains a model on simulated counties, compares learners, calibrates, and writes it with its card and golden rows:
 * `pnpm train --version 2`; `pnpm train --compare` prints the comparison and writes nothing. Deterministic for the same options.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@skyeye/catalogue';
import type { StreamName } from '@skyeye/contracts';
import { inputSigns, inputSignature, subjectSignature } from '@skyeye/detection';
import { assert, optionTable } from '@skyeye/foundation';
import {
  loadModel,
  modelAdapter,
  openModel,
  publicPartOf,
  signModel,
  writeModelFiles,
  type GoldenRow,
  type ModelSignature,
  type Predictions,
} from '@skyeye/model';
import { COUNTY_START_MS } from '@skyeye/simulator';
import { z } from 'zod';
import { card, comparison } from './train/card.ts';
import { collect, SCAM_NAMES, trainingSet, type County, type Example } from './train/collect.ts';
import { compare } from './train/compare.ts';
import { split, type Parts } from './train/split.ts';

const seeds = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .transform((text) => text.split(',').map(Number));
const days = z.coerce.number().min(0).max(30);
const options = optionTable({
  name: {
    type: z.enum(['person', 'account', 'number']).default('person'),
    says: 'whose state: a person defrauded, a mule account, a scam number',
    range: 'person|account|number',
  },
  version: { type: z.string().regex(/^\d+$/).optional(), says: 'its version; one that exists is not overwritten', range: '1..' },
  compare: { type: z.boolean().default(false), says: 'print the comparison and write nothing' },
  seeds: { type: seeds.prefault('101,102,103,104'), says: 'counties to train on', range: '<n,n,…>' },
  fit: { type: seeds.prefault('501,502,503'), says: 'counties to choose and calibrate by', range: '<n,n,…>' },
  test: { type: seeds.prefault('901,902,903'), says: 'counties to measure by', range: '<n,n,…>' },
  residents: { type: z.coerce.number().int().min(50).max(100_000).default(1000), says: 'residents of each county' },
  days: { type: days.min(0.05).default(3.5), says: 'days of each county' },
  everyMinutes: {
    type: z.coerce.number().min(1).max(1440).default(30),
    says: 'minutes between two payments of victims; counties whose seed ends in 2 have scams as in life, a hundred times as often',
  },
  times: {
    type: z.coerce.number().min(1).max(2000).optional(),
    says: 'crowded counties instead: scams so many times as frequent as in life, every judgement weighed back to life; of the counties to train on every second has other amounts and three silent streams',
    range: '1..2000',
  },
  trainingDay: { type: days.default(2), says: 'day of training; measured after it' },
  delayDays: { type: days.default(0.5), says: 'days until a label is known' },
  fitDays: { type: days.default(2), says: 'newest labelled days that choose and calibrate' },
  openCases: {
    type: z.enum(['drop', 'follow']).default('follow'),
    says: 'judgements whose script still runs on the day of training: not used, or followed to their end',
    range: 'drop|follow',
  },
  epochs: { type: z.coerce.number().int().min(1).max(1000).default(12), says: 'epochs of the net at most' },
  adapter: { type: z.enum(['wasm', 'native']).default('wasm'), says: 'which TensorFlow trains', range: 'wasm|native' },
  date: { type: z.iso.date().default(() => new Date().toISOString().slice(0, 10)), says: 'date on the card' },
  key: { type: z.string().optional(), says: 'private key (PEM) that signs; without it the folder is unsigned and no scorer takes it' },
  folder: { type: z.string().default(join(import.meta.dirname, '..')), says: 'where the models are' },
});

/** Streams that a county may lack; payments and calls it has. */
const SPARED = ['callsig', 'sms', 'web', 'app', 'im', 'rctl', 'loc', 'acct', 'loan', 'shop', 'parcel', 'cash', 'intel'] as const;
const silentOf = (seed: number): StreamName[] => [0, 1, 2].map((n) => SPARED[(seed * 7 + n * 5) % SPARED.length] ?? 'web');
const GOLDEN_ROWS = 12;
const FIRED_MIN = 20;

async function main(): Promise<number> {
  const read = options.read({ argv: process.argv.slice(2), env: process.env });
  if (read.kind === 'help') console.log(read.text);
  if (read.kind === 'mistakes') console.error(read.mistakes.join('\n'));
  if (read.kind !== 'values') return read.kind === 'help' ? 0 : 2;
  const { values } = read;
  const subject = values.name;
  const version = values.version ?? '0';
  const folder = join(values.folder, values.name, version);
  if (!values.compare && (values.version === undefined || existsSync(folder))) {
    console.error(values.version === undefined ? '--version is missing (or --compare)' : `${folder} exists; a version is made once`);
    return 2;
  }
  const { times } = values;
  const of = { residents: values.residents, days: values.days, everyMs: values.everyMinutes * 60_000 };
  const county = (seed: number): County =>
    times === undefined ? { ...of, seed, scams: seed % 10 === 2 ? 'many' : 'dense' } : { ...of, seed, scams: 'many', times };
  const varied = (seed: number): County =>
    times === undefined || seed % 2 === 1 ? county(seed) : { ...county(seed), amounts: [0.5, 2], silent: silentOf(seed) };
  const counties = { train: values.seeds.map(varied), fit: values.fit.map(county), test: values.test.map(county) };
  const catalogue = loadCatalogue();
  const fed = subject === 'person' ? inputSignature(catalogue) : subjectSignature(catalogue, subject);
  const whole = split(
    { train: gather(counties.train, subject), fit: gather(counties.fit, subject), test: gather(counties.test, subject) },
    {
      startMs: COUNTY_START_MS,
      trainingDay: values.trainingDay,
      delayDays: values.delayDays,
      fitDays: values.fitDays,
      openCases: values.openCases,
    },
  );
  const { inputs, parts } = withInputsOf(whole, fed.inputs);
  const scams = subject === 'person' ? SCAM_NAMES : [];
  const signature: ModelSignature = {
    name: values.name,
    version,
    subject,
    transform: fed.transform,
    inputs,
    scams,
    catalogue: catalogue.version,
    kind: 'plain',
    calibrated: true,
    units: 'a feature: 1 fading to 0.5 since it fired, else 0; with ~: 1 while it fires, else 0',
    ...(scams.length === 0 ? {} : { lossHourFen: scams.map((scam) => lossOf(parts.train, scam)) }),
  };
  const adapter = await modelAdapter(values.adapter);
  const seed = values.seeds[0] ?? 1;
  const { table, chosen } = await compare(parts, {
    signature,
    signs: inputSigns(catalogue, inputs, subject),
    adapter,
    epochsMax: values.epochs,
    seed,
  });
  console.log(`\n${comparison(table, chosen)}`);
  const best = table.find(({ name }) => name === chosen);
  assert(best !== undefined, 'the chosen learner is one of the table');
  if (values.compare) return 0;
  const model = await openModel(adapter, signature, best.trained.weights, best.calibration);
  const predictions = await model.predict(trainingSet(parts.test, inputs.length).rows);
  const abstained =
    predictions.probabilities.reduce((sum, p) => sum + Number(p > (model.abstain?.from ?? 1) && p < (model.abstain?.to ?? 0)), 0) /
    parts.test.length;
  const command = `pnpm train ${process.argv
    .slice(2)
    .filter((argument, at, all) => !argument.startsWith('/') && argument !== '--key' && all[at - 1] !== '--key')
    .join(' ')}`;
  const text = card(signature, {
    counties,
    parts,
    table,
    chosen,
    abstained,
    command,
    date: values.date,
    seed,
    trainingDay: values.trainingDay,
    delayDays: values.delayDays,
    openCases: values.openCases,
  });
  await writeModelFiles(
    folder,
    { signature, weights: best.trained.weights, calibration: best.calibration, golden: goldenOf(parts.test, signature, predictions) },
    text,
  );
  const privateKey = values.key === undefined ? null : readFileSync(values.key, 'utf8');
  if (privateKey !== null) await signModel(folder, privateKey);
  (await loadModel(folder, { adapter, expects: fed, ...(privateKey === null ? {} : { keys: [publicPartOf(privateKey)] }) })).dispose();
  console.log(
    `${signature.name}/${version}: ${chosen}, ECE ${best.test.ece.toFixed(4)} on later time${privateKey === null ? ', unsigned' : ''}`,
  );
  return 0;
}

function gather(counties: readonly County[], subject: ModelSignature['subject'] & string): Example[] {
  return counties.flatMap((county) => {
    const startedMs = performance.now();
    const { events, [subject]: examples } = collect(county);
    console.log(
      `seed ${county.seed}: ${events} events, ${examples.length} judgements, ${examples.filter(({ scam }) => scam !== null).length} in a scam, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`,
    );
    return examples;
  });
}

/** Only inputs that training saw often enough; a weight of the others would be chance. */
function withInputsOf(parts: Parts, all: readonly string[]): { inputs: string[]; parts: Parts } {
  const counts = new Int32Array(all.length);
  for (const { row } of parts.train) for (const [at, value] of row.entries()) if (value !== 0) counts[at] = (counts[at] ?? 0) + 1;
  const places = [...counts.keys()].filter((at) => (counts[at] ?? 0) >= FIRED_MIN);
  const narrow = (examples: readonly Example[]): Example[] =>
    examples.map((example) => ({ ...example, row: Float32Array.from(places, (at) => example.row[at] ?? 0) }));
  return {
    inputs: places.map((at) => all[at] ?? ''),
    parts: { ...parts, train: narrow(parts.train), fit: narrow(parts.fit), test: narrow(parts.test) },
  };
}

/** Mean of what leaves within the hour after a judgement in a script; of all scripts where the training had none. */
function lossOf(train: readonly Example[], scam: string): number {
  const all = train.filter((example) => example.scam !== null);
  const own = all.filter((example) => example.scam === scam);
  const of = own.length === 0 ? all : own;
  return Math.round(of.reduce((sum, { lostHourFen }) => sum + lostHourFen, 0) / Math.max(1, of.length));
}

/** Rows over the whole range of answers. */
function goldenOf(
  examples: readonly Example[],
  { inputs, scams: names }: ModelSignature,
  { probabilities, scams }: Predictions,
): GoldenRow[] {
  const order = examples.map((_, index) => index).toSorted((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0));
  return Array.from({ length: Math.min(GOLDEN_ROWS, order.length) }, (_, step) => {
    const index = order[Math.floor((step * (order.length - 1)) / (GOLDEN_ROWS - 1))] ?? 0;
    const example = examples[index];
    assert(example !== undefined, 'a golden row is one of the examples');
    const given = [...example.row].flatMap((value, at) => (value === 0 ? [] : [[inputs[at] ?? '', value] as const]));
    return {
      says: example.scam ?? example.negative,
      inputs: Object.fromEntries(given),
      probability: probabilities[index] ?? 0,
      scams: [...scams.subarray(index * names.length, (index + 1) * names.length)],
    };
  });
}

process.exitCode = await main();
