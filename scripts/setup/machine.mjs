import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What this repository remembers between two commands: stamps and shims. Gone with node_modules. */
export const MEMORY = join(ROOT, 'node_modules', '.skyeye');

/** The major version of pnpm that installs; the lockfile is written by it. */
export const PNPM = 'pnpm@12';

/** An error whose message is all that the person at the terminal needs: printed without a stack. */
export class PlainError extends Error {
  /** @param {string} message @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * The Node 24 that came with the packages, or the present one where it is new enough.
 * @param {string} [root]
 * @returns {string} a path
 */
export function node24(root = ROOT) {
  const own = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new PlainError(
    `There is no packaged Node 24 for ${process.platform}-${process.arch}; install Node 24 and start again with it. This is ${process.version}.`,
  );
}

/**
 * The environment for our own programs: Node 24 and the installed tools come first, nothing phones home.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(env = process.env) {
  const path = [join(ROOT, 'node_modules', '.bin'), env['PATH'] ?? '', join(MEMORY, 'bin')].join(delimiter);
  return { ...env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };
}

/**
 * Where a program of this name stands on the PATH, or undefined.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 */
export function findProgram(name, env = process.env) {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    if (existsSync(path) && statSync(path).isFile()) return path;
  }
  return undefined;
}

/**
 * Runs the main function of a command; a PlainError becomes one line and its exit code.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
