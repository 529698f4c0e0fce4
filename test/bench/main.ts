import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { available } from '@skyeye/testkit';
import { cluster } from './cluster.bench.ts';
import { console as consolePages } from './console.bench.ts';
import { engine } from './engine/engine.bench.ts';
import { scorer } from './scorer.bench.ts';
import { standalone } from './standalone.bench.ts';
import { detection } from './detection/command.ts';
import { lineOf, met, type Benchmark, type Row } from './row.ts';

/** `pnpm bench [name …] [--seconds N] [--json file]`: the numbers of the design's §7 as they are now, each as a ratio in one run. What the machine lacks is left out and said. */
const BENCHMARKS: readonly Benchmark[] = [engine, scorer, standalone, consolePages, cluster];

const USAGE = `pnpm --silent bench [name …] [options]: prints measurements, each as a ratio in one run

${BENCHMARKS.map(({ name, says }) => `  ${name.padEnd(12)} ${says}`).join('\n')}
  detection    whole simulated counties, closed loop: what detection is worth; run by itself, options: detection --help

  --only <name>    the same as a name; or one part of the one benchmark that is named:
${BENCHMARKS.filter(({ parts }) => parts !== undefined)
  .map(({ name, parts }) => `                   ${name}: ${parts?.join(', ')}`)
  .join('\n')}
  --entities <n>   keys in the engine's measurements with many; 200000 unless told
  --seconds <n>    how long each measurement runs, wall seconds; 5 unless told
  --json <file>    writes the rows to a file too
  --help           prints this`;

// Minutes long and with options of its own, so it runs only when asked for by name.
if (process.argv[2] === 'detection') process.exit(await detection(process.argv.slice(3)));

const { values, positionals } = argumentsOf(process.argv.slice(2));
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const part = BENCHMARKS.find(
  ({ name, parts }) => positionals.length === 1 && name === positionals[0] && parts?.includes(values.only ?? ''),
);
const wanted = [...positionals, ...(values.only === undefined || part !== undefined ? [] : [values.only])];
const seconds = Number(values.seconds);
const entities = Number(values.entities);
const unknown = wanted.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0 || !(seconds > 0) || !(entities > 0)) {
  process.stderr.write(
    `bench: ${unknown.length > 0 ? `no benchmark ${unknown.join(', ')}` : '--seconds and --entities must be above 0'}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

const all: Row[] = [];
process.stdout.write(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}\n`);
for (const benchmark of BENCHMARKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  process.stdout.write(`\n${benchmark.name}: ${benchmark.says}\n`);
  const missing = benchmark.needs.map((server) => available(server)).filter(({ ok }) => !ok);
  if (missing.length > 0) {
    process.stdout.write(`left out: ${missing.map(({ reason }) => reason).join('; ')}\n`);
    continue;
  }
  const shown = new Set<Row>();
  const row = (measured: Row): void => {
    if (shown.has(measured)) return;
    shown.add(measured);
    all.push(measured);
    process.stdout.write(`${lineOf(measured)}\n`);
  };
  const only = part === undefined ? {} : { only: values.only as string };
  for (const measured of await benchmark.run({ seconds, entities, row, ...only })) row(measured);
}
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify(
      all.map((row) => ({
        name: row.name,
        value: row.value,
        unit: row.unit,
        ratio: row.ratio,
        aim: row.aim,
        met: met(row),
        ...(row.reason === undefined ? {} : { reason: row.reason }),
        ...(row.eased === undefined ? {} : { reason: row.eased }),
      })),
      null,
      2,
    )}\n`,
  );

function argumentsOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: argv.filter((argument, index) => !(argument === '--' && index === 0)),
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '5' },
        json: { type: 'string' },
        only: { type: 'string' },
        entities: { type: 'string', default: '200000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`bench: ${error.message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}
