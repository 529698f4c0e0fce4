import { spawnSync } from 'node:child_process';
import { newFeature, newRoute, newSource } from './templates/index.ts';
import { ROOT } from './repository.ts';

const KINDS = {
  feature: { usage: 'feature <family> <id>', example: 'feature transfers-out-amounts out_night_count_1d', write: newFeature },
  source: { usage: 'source <stream>', example: 'source rail', write: newSource },
  route: { usage: 'route <service> <noun> <verb>', example: 'route command-center incidents reopen', write: newRoute },
} as const;

const [kind = '', ...names] = process.argv.slice(2);
const chosen = Object.entries(KINDS).find(([name]) => name === kind)?.[1];
if (chosen === undefined || names.length !== chosen.usage.split(' ').length - 1 || names.some((name) => name.startsWith('-'))) {
  console.error(
    [
      'One of:',
      ...Object.values(KINDS).map(({ usage, example }) => `  pnpm new ${usage.padEnd(34)} for example: pnpm new ${example}`),
    ].join('\n'),
  );
  process.exit(2);
}
const result = chosen.write(ROOT, names);
if (result.kind === 'refused') {
  console.error(result.reason);
  process.exit(1);
}
const formatted = result.written.filter((path) => path.endsWith('.ts'));
if (formatted.length > 0) spawnSync('prettier', ['--write', '--log-level=warn', ...formatted], { cwd: ROOT, stdio: 'inherit' });
for (const path of result.written) console.log(`wrote ${path}`);
console.log(result.next);
