import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { differenceIn } from './compare.ts';
import { proveDay } from './prove-day.ts';
import { GOLDEN_SETS, goldenSet, proveGolden } from './prove-golden.ts';
import { ALL_FUNCTIONS, KEPT_FILE, keptCases, proveRandom, untried } from './prove-random.ts';
import { RELEASE_SETTINGS } from './settings.ts';

const USAGE = `pnpm proof [--cases 100000] [--seed N] [--only random,golden,day] [--shuffles 100] [--entities 1000] [--residents 2000]

  Proves the compiled engine equal to the definition, before a release: random catalogues over random streams, the golden
  sets in random orders, a simulated day. Ends with 1 where they differ; the smallest failing case is kept in
  test/proof/kept-cases.json and tried by every test run from then on.`;

const PARTS = ['random', 'golden', 'day'] as const;

function count(text: string | undefined, name: string, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} ${text}: a whole number is needed`);
  process.exit(2);
}

function random(cases: number, seed: number): boolean {
  for (const kept of keptCases()) {
    const difference = differenceIn(kept.case);
    if (difference === null) continue;
    console.error(`kept case "${kept.name}": ${difference}`);
    return false;
  }
  console.log(`${cases} random catalogues, seed ${seed}`);
  const { failure, coverage } = proveRandom({ cases, seed, progress: (done) => console.log(`  ${done}`) });
  if (failure !== null) {
    const kept = [...keptCases(), { name: `seed ${seed}: ${failure.difference.slice(0, 80)}`, case: failure.smallest }];
    writeFileSync(KEPT_FILE, `${JSON.stringify(kept, null, 1)}\n`);
    console.error(`${failure.difference}\n${JSON.stringify(failure.smallest, null, 1)}\nkept in ${KEPT_FILE.pathname}`);
    return false;
  }
  console.log('function           values   saying something');
  for (const name of ALL_FUNCTIONS) {
    const { values, telling } = coverage.of(name);
    console.log(`${name.padEnd(15)} ${String(values).padStart(9)} ${String(telling).padStart(9)}`);
  }
  const missing = untried(coverage);
  if (missing.length > 0) console.error(`nothing was seen of ${missing.join(', ')}; more cases are needed`);
  return missing.length === 0;
}

function golden(shuffles: number): boolean {
  for (const set of GOLDEN_SETS) {
    const one = goldenSet(set);
    const compared = new Set<string>();
    for (let seed = 0; seed <= shuffles; seed++) {
      const found = proveGolden(one, seed);
      for (const name of found.compared) compared.add(name);
      if (found.wrong.length === 0) continue;
      console.error(`golden set ${set}, order ${seed}: ${found.wrong.length} values differ\n${found.wrong.slice(0, 5).join('\n')}`);
      return false;
    }
    console.log(`golden set ${set}: ${compared.size} of ${one.wanted.size} values in order and in ${shuffles} random orders`);
    if (compared.size < one.wanted.size) return false;
  }
  return true;
}

function day(residents: number, entities: number, seed: number): boolean {
  const proof = proveDay({ residents, entities, seed });
  console.log(`simulated day: ${proof.events} events, ${proof.entities} entities, ${proof.values} values`);
  if (proof.wrong !== null) console.error(proof.wrong);
  return proof.wrong === null;
}

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    shuffles: { type: 'string' },
    entities: { type: 'string' },
    residents: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help === true) console.log(USAGE);
else {
  const seed = count(options.seed, 'seed', RELEASE_SETTINGS.seed);
  const cases = count(options.cases, 'cases', RELEASE_SETTINGS.cases);
  const parts = options.only?.split(',') ?? [...PARTS];
  const unknown = parts.find((part) => !(PARTS as readonly string[]).includes(part));
  if (unknown !== undefined) {
    console.error(`--only ${unknown}: may be ${PARTS.join(', ')}`);
    process.exit(2);
  }
  const started = performance.now();
  let proven = true;
  if (parts.includes('random')) proven = random(cases, seed) && proven;
  if (parts.includes('golden')) proven = golden(count(options.shuffles, 'shuffles', RELEASE_SETTINGS.shuffles)) && proven;
  if (parts.includes('day')) {
    const residents = count(options.residents, 'residents', RELEASE_SETTINGS.residents);
    proven = day(residents, count(options.entities, 'entities', RELEASE_SETTINGS.entities), seed) && proven;
  }
  console.log(`${proven ? 'equal' : 'NOT EQUAL'} after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  process.exitCode = proven ? 0 : 1;
}
