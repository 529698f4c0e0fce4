/**
 * Trains a model of a person's state on simulated counties and writes it with its card and golden rows:
 * `pnpm train --version 2`. Deterministic for the same options on the same adapter.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@skyeye/catalogue';
import { inputSignature } from '@skyeye/detection';
import { assert, optionTable } from '@skyeye/foundation';
import { loadModel, modelAdapter, openModel, writeModelFiles, type GoldenRow, type ModelSignature } from '@skyeye/model';
import { z } from 'zod';
import { card } from './train/card.ts';
import { collect, SCAM_NAMES, trainingSet, type County, type Example } from './train/collect.ts';
import { measure } from './train/measure.ts';

const seeds = z.string().regex(/^\d+(,\d+)*$/).transform((text) => text.split(',').map(Number));
const options = optionTable({
  name: { type: z.string().default('person'), says: 'name of the model' },
  version: { type: z.string().regex(/^\d+$/), says: 'its version; one that exists is not overwritten', range: '1..' },
  seeds: { type: seeds.prefault('101,102,103,104'), says: 'counties to train on', range: '<n,n,…>' },
  validate: { type: seeds.prefault('901,902'), says: 'counties to stop and to measure by', range: '<n,n,…>' },
  residents: { type: z.coerce.number().int().min(50).max(100_000).default(1500), says: 'residents of each county' },
  days: { type: z.coerce.number().min(0.05).max(30).default(1), says: 'days of each county' },
  epochs: { type: z.coerce.number().int().min(1).max(1000).default(60), says: 'epochs at most' },
  adapter: { type: z.enum(['wasm', 'native']).default('wasm'), says: 'which TensorFlow trains', range: 'wasm|native' },
  folder: { type: z.string().default(join(import.meta.dirname, '..')), says: 'where the models are' },
});

const GOLDEN_ROWS = 12;

async function main(): Promise<number> {
  const read = options.read({ argv: process.argv.slice(2), env: process.env });
  if (read.kind === 'help') console.log(read.text);
  if (read.kind === 'mistakes') console.error(read.mistakes.join('\n'));
  if (read.kind !== 'values') return read.kind === 'help' ? 0 : 2;
  const { values } = read;
  const folder = join(values.folder, values.name, values.version);
  if (existsSync(folder)) {
    console.error(`${folder} exists; a version is made once`);
    return 2;
  }
  const county = (seed: number, index: number): County => ({ seed, residents: values.residents, days: values.days, scams: index % 2 === 0 ? 'dense' : 'many' });
  const [train, validate] = [values.seeds.map(county), values.validate.map(county)];
  const [trainRows, validateRows] = [gather(train), gather(validate)];
  const catalogue = loadCatalogue();
  const signature: ModelSignature = { name: values.name, version: values.version, scams: SCAM_NAMES, catalogue: catalogue.version, ...copyOf(inputSignature(catalogue)) };
  const width = signature.inputs.length;
  const adapter = await modelAdapter(values.adapter);
  const validation = trainingSet(validateRows, width);
  const weights = await adapter.train({
    signature, train: trainingSet(trainRows, width), validate: validation, epochsMax: values.epochs, patience: 6, seed: values.seeds[0] ?? 1,
    onEpoch: (epoch, trainLoss, validationLoss) => {
      console.log(`epoch ${epoch}: loss ${trainLoss.toFixed(4)}, validation ${validationLoss.toFixed(4)}`);
    },
  });
  const model = await openModel(adapter, signature, weights);
  const predictions = await model.predict(validation.rows);
  model.dispose();
  const measures = measure(validateRows, predictions);
  const golden = goldenOf(validateRows, signature, predictions.probabilities, predictions.scams);
  const command = `pnpm train ${process.argv.slice(2).filter((argument) => !argument.startsWith('/')).join(' ')}`;
  await writeModelFiles(folder, { signature, weights, golden }, card(signature, { train, validate, trainRows: trainRows.length, measures, command }));
  (await loadModel(folder, { adapter, expects: inputSignature(catalogue) })).dispose();
  console.log(`${signature.name}/${signature.version}: AUC ${measures.auc.toFixed(3)} (rules ${measures.rulesAuc.toFixed(3)}), type right ${(100 * measures.typeRight).toFixed(1)} %`);
  return 0;
}

function copyOf({ transform, inputs }: ReturnType<typeof inputSignature>): Pick<ModelSignature, 'transform' | 'inputs'> {
  return { transform, inputs: [...inputs] };
}

function gather(counties: readonly County[]): Example[] {
  return counties.flatMap((county) => {
    const startedMs = performance.now();
    const { examples, events } = collect(county);
    console.log(`seed ${county.seed}: ${events} events, ${examples.length} judgements, ${examples.filter(({ scam }) => scam !== null).length} in a scam, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    return examples;
  });
}

/** Rows over the whole range of answers, and the empty row. */
function goldenOf(examples: readonly Example[], { inputs, scams: names }: ModelSignature, probabilities: Float32Array, scams: Float32Array): GoldenRow[] {
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
