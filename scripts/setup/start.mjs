import { fromRoot, handOver } from './handover.mjs';
import { ensureInstalled } from './install.mjs';
import { runMain } from './machine.mjs';
import { ensureWebApps } from './web.mjs';

/** `pnpm dev`: the one argument that is ours, not the program's. */
const WATCH = '--watch-sources';

/**
 * Installs, builds and starts the standalone profile; all other arguments are its own.
 * @param {readonly string[]} args
 */
export function start(args) {
  return runMain(async () => {
    await ensureInstalled();
    if (!args.includes('--help') && !args.includes('-h')) await ensureWebApps();
    const program = [fromRoot('services/standalone/src/main.ts'), ...args.filter((argument) => argument !== WATCH)];
    // Node's watcher is a process between us and the program, and ends the program itself: no following there.
    if (args.includes(WATCH)) handOver(['--watch', '--watch-preserve-output', ...program], { follow: false });
    else handOver(program);
  });
}
