import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository.ts';

/** A file that a program writes from something else in the repository. */
interface Generator {
  /** What it writes, for the message. */
  readonly writes: string;
  /** The script: without arguments it writes, with --check it compares, says what is stale, and exits 1. */
  readonly script: string;
}

/** Every generator. A stale file is found by `pnpm check` and rewritten by `pnpm generate`. */
export const GENERATORS: readonly Generator[] = [
  { writes: 'JSON Schema of the contracts', script: 'packages/contracts/bin/generate.ts' },
  { writes: "OpenAPI of the services' routes", script: 'scripts/openapi.ts' },
  { writes: "the catalogue's feature ids", script: 'packages/catalogue/bin/generate.ts' },
];

function run(checkOnly: boolean): boolean {
  const present = GENERATORS.filter(({ script }) => existsSync(join(ROOT, script)));
  const failed = present.filter(({ writes, script }) => {
    const { status } = spawnSync(process.execPath, [join(ROOT, script), ...(checkOnly ? ['--check'] : [])], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    if (status !== 0)
      console.error(checkOnly ? `${writes}: stale; run pnpm generate and commit what it writes` : `${writes}: ${script} failed`);
    return status !== 0;
  });
  console.log(`${present.length} generators, ${failed.length} ${checkOnly ? 'stale' : 'failed'}`);
  return failed.length === 0;
}

if (import.meta.main) process.exitCode = run(process.argv.includes('--check')) ? 0 : 1;
