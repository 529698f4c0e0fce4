import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesMatching, ROOT } from '../repository.ts';
import { checkSteps, runSteps } from '../steps.ts';
import { installLine, NEEDS, type NeedName } from './needs.ts';
import { planTests, type Part } from './plan.ts';
import { addTallies, closingReport, NOTHING, type Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

const PARTS: readonly Part[] = ['all', 'unit', 'services', 'e2e'];

/** With CI=true a missing tool and a skipped test are failures. */
const strict = process.env['CI'] === 'true' || process.env['CI'] === '1';

function wantedPart(args: readonly string[]): Part {
  const given = args.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? 'all';
  const part = PARTS.find((known) => known === given);
  if (part === undefined || args.some((argument) => !argument.startsWith('--only='))) {
    console.error(`npm test -- [--only=${PARTS.join('|')}]`);
    process.exit(2);
  }
  return part;
}

/** Every step of `pnpm check` counts as one test. */
async function checks(): Promise<Tally> {
  const results = await runSteps(checkSteps());
  const failed = results.filter((result) => !result.passed);
  return {
    ...NOTHING,
    passed: results.length - failed.length,
    failed: failed.length,
    notes: failed.map((result) => `check "${result.name}" failed`),
    files: results.map((result) => ({ path: `check: ${result.name}`, seconds: result.seconds })),
  };
}

/** Everything under test/ and beside the code; the same patterns as vitest.config.ts. */
const testFiles = (): readonly string[] =>
  filesMatching([
    'packages/*/src/**/*.test.ts',
    'services/*/src/**/*.test.ts',
    'services/*/web/src/**/*.test.{ts,tsx}',
    'scripts/**/*.test.ts',
    'test/**/*.test.ts',
    'models/bin/**/*.test.ts',
  ]);

const part = wantedPart(process.argv.slice(2));
const present = new Map<NeedName, boolean>();
const has = (name: NeedName): boolean => {
  const known = present.get(name) ?? NEEDS[name].present();
  present.set(name, known);
  return known;
};
const plan = planTests(testFiles(), has, part);
if (has('kafka') && plan.services.length > 0) spawnSync(join(ROOT, 'scripts/fetch-kafka.sh'), { stdio: 'inherit' });

const tallies: Tally[] = [];
if (part === 'all') {
  console.log('Checks of the sources');
  tallies.push(await checks());
}
console.log(`\n${plan.unit.length} test files that need nothing, ${plan.services.length} that need a server or a browser`);
tallies.push(await runVitest('unit', plan.unit, { sideBySide: true }));
tallies.push(await runVitest('services', plan.services, { sideBySide: false }));

const missing = [...new Set(plan.leftOut.flatMap((left) => left.missing))];
const leftOut = missing.map((name) => ({
  label: NEEDS[name].label,
  files: plan.leftOut.filter((left) => left.missing.includes(name)).length,
}));
if (strict && plan.leftOut.length > 0) {
  tallies.push({
    ...NOTHING,
    failed: plan.leftOut.length,
    notes: plan.leftOut.map((left) => `${left.file} was not run: no ${left.missing.join(', ')}`),
  });
}
if (plan.unit.length + plan.services.length === 0) tallies.push({ ...NOTHING, failed: 1, notes: ['there was no test file to run'] });

const { lines, failed } = closingReport({
  tally: addTallies(tallies),
  leftOut,
  installLine: installLine(missing, process.platform),
  strict,
});
mkdirSync(join(ROOT, 'artefacts', 'tests'), { recursive: true });
writeFileSync(join(ROOT, 'artefacts', 'tests', 'summary.txt'), `${lines.join('\n')}\n`);
console.log(lines.join('\n'));
process.exitCode = failed > 0 ? 1 : 0;
