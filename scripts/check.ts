import { checkSteps, runSteps } from './steps.ts';
import { ensurePnpmName } from './setup/install.mjs';

/** `pnpm check`: everything that can be said about the sources without running the product; under a minute. */
ensurePnpmName();
const startedMs = performance.now();
const results = await runSteps(checkSteps());
const failed = results.filter((result) => !result.passed);
console.log(
  `\n${results.length - failed.length} of ${results.length} checks passed in ${((performance.now() - startedMs) / 1000).toFixed(1)} s${failed.length > 0 ? `; failed: ${failed.map((result) => result.name).join(', ')}` : ''}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
