import { ensureInstalled } from './install.mjs';
import { runMain } from './machine.mjs';

// For .ci/run, which builds a native binding between the installation and the tests.
await runMain(async () => {
  await ensureInstalled();
});
