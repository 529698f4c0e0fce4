import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import { migrateAll, migrateOptions, valuesOf } from '../src/index.ts';

/** Tries while database or broker are not up yet. */
const TRIES = 30;
const PAUSE_MS = 1_000;

const values = valuesOf(migrateOptions, 'pnpm migrate --');
for (let tries = 1; ; tries++) {
  try {
    for (const line of await migrateAll(values)) process.stdout.write(`${line}\n`);
    process.stdout.write('everything is at the schema of this version\n');
    break;
  } catch (error) {
    if (error instanceof SkyeyeError && handlingOf(error) === 'retry' && tries < TRIES) {
      process.stderr.write(`${error.code}: not there yet, trying again\n`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      continue;
    }
    const said =
      error instanceof SkyeyeError
        ? `${error.code} ${JSON.stringify(error.facts)}`
        : error instanceof Error
          ? error.message
          : String(error);
    process.stderr.write(`the migration failed: ${said}\nA migration that does not apply changes nothing.\n`);
    process.exitCode = 1;
    break;
  }
}
