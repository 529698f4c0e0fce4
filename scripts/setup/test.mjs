import { fromRoot, handOver } from './handover.mjs';
import { ensureInstalled, ensurePnpmName } from './install.mjs';
import { runMain } from './machine.mjs';
import { ensureWebApps } from './web.mjs';

/**
 * Installs, builds the web apps that browser tests open, then runs the tests on Node 24.
 * @param {readonly string[]} args
 */
export function test(args) {
  return runMain(async () => {
    await ensureInstalled();
    ensurePnpmName();
    await ensureWebApps();
    handOver([fromRoot('scripts/testing/main.ts'), ...args]);
  });
}
