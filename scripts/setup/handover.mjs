import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ROOT, node24, toolEnvironment } from './machine.mjs';

const FOLLOW_PARENT = new URL('./follow-parent.mjs', import.meta.url).href;

/** Signals that a person or a supervisor sends to end us; the program drains on them. */
const ENDING = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/** How often we look whether npm, which started us, is still there. */
const LOOK_EVERY_MS = 250;

/**
 * Hands this process over to a program on Node 24: same terminal, all signals, its exit code becomes ours. A child is
 * needed because Node 20 cannot replace itself. The child shares our process group, so a signal to the group reaches it
 * at once, and it follows us (follow-parent.mjs), so it never outlives a start script that was killed without warning.
 * @param {readonly string[]} command script and arguments
 * @param {{ env?: NodeJS.ProcessEnv, node?: string, follow?: boolean }} [options]
 */
export function handOver(command, { env = toolEnvironment(), node = node24(), follow = true } = {}) {
  const child = spawn(node, [...(follow ? ['--import', FOLLOW_PARENT] : []), ...command], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...env, SKYEYE_PARENT_PID: String(process.pid) },
  });
  for (const signal of ENDING) process.on(signal, () => child.kill(signal));
  // npm killed with -9 tells nobody; only a command that npm started may take a changed parent for its end.
  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] !== undefined) {
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, LOOK_EVERY_MS).unref();
  }
  child.on('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ENDING) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** @param {string} path below the repository's root */
export const fromRoot = (path) => fileURLToPath(new URL(path, `file://${ROOT}/`));
