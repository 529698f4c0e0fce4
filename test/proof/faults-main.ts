import { parseArgs } from 'node:util';
import { Chance } from '../../packages/engine/src/fast/testing/random-events.ts';
import { FAULTS } from './faults.ts';
import { lostFaults, Nursery } from './plant.ts';

const USAGE = `pnpm proof:faults [--sample N] [--seed N] [--only words]

  Plants mistakes in a copy of the engine, one after the other, and says which proof catches each. Ends with 1 when one is
  caught by none, or when the text it would change is there no more.`;

const { values: options } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});

/** Some of the faults, others with every seed. */
function sampled(count: number, seed: number): typeof FAULTS {
  const chance = new Chance(seed);
  return FAULTS.map((fault) => ({ fault, at: chance.below(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ fault }) => fault);
}

async function main(): Promise<number> {
  const lost = lostFaults(FAULTS);
  if (lost.length > 0) {
    console.error(lost.join('\n'));
    return 1;
  }
  const chosen = options.sample === undefined ? FAULTS : sampled(Number(options.sample), Number(options.seed ?? 1));
  const faults = chosen.filter(({ name }) => name.includes(options.only ?? ''));
  const nursery = new Nursery();
  let missed = 0;
  try {
    const sound = await nursery.judge(null);
    if (sound !== null) {
      console.error(`without any fault, ${sound}`);
      return 1;
    }
    for (const fault of faults) {
      const started = performance.now();
      const caught = await nursery.judge(fault);
      if (caught === null) missed += 1;
      console.log(`${fault.name.padEnd(50)} ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${caught ?? 'NOT CAUGHT'}`);
    }
  } finally {
    nursery.remove();
  }
  console.log(`${faults.length - missed} of ${faults.length} faults caught`);
  return missed === 0 ? 0 : 1;
}

if (options.help === true) console.log(USAGE);
else process.exitCode = await main();
