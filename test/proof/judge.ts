import { brokenBounds } from './bounds.ts';
import { differenceIn } from './compare.ts';
import { proveDay } from './prove-day.ts';
import { goldenSet, proveGolden } from './prove-golden.ts';
import { keptCases, proveRandom } from './prove-random.ts';

/** The proofs one after the other, the quick ones first, until one finds something: for planted faults. */
const PROOFS: readonly { readonly name: string; readonly find: () => string | null }[] = [
  { name: 'bounds', find: () => brokenBounds()[0] ?? null },
  { name: 'kept cases', find: () => keptCases().reduce<string | null>((found, kept) => found ?? differenceIn(kept.case), null) },
  { name: 'random catalogues', find: () => proveRandom({ cases: 400, seed: 1, shrink: false }).failure?.difference ?? null },
  {
    name: 'golden sets',
    find: () => {
      const golden = goldenSet('mule_ring');
      return [0, 1, 2].reduce<string | null>((found, seed) => found ?? proveGolden(golden, seed).wrong[0] ?? null, null);
    },
  },
  { name: 'simulated day', find: () => proveDay({ residents: 150, entities: 60, seed: 7 }).wrong },
];

for (const { name, find } of PROOFS) {
  let found: string | null;
  try {
    found = find();
  } catch (error) {
    found = String(error);
  }
  if (found === null) continue;
  console.log(`caught by ${name}: ${found.replaceAll('\n', ' ').slice(0, 160)}`);
  process.exitCode = 1;
  break;
}
