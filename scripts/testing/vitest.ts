import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';
import { toolEnvironment } from '../setup/machine.mjs';
import { NOTHING, tallyVitest, type Tally } from './tally.ts';

/** After this vitest is ended, and that is a failure: a suite that hangs must not hang its caller. */
const LIMIT_MS = 20 * 60_000;
/** From the polite signal to the hard one. */
const GRACE_MS = 15_000;

/** Runs vitest on these files and counts. Its own output goes to the terminal. */
export async function runVitest(name: string, files: readonly string[], { sideBySide }: { sideBySide: boolean }): Promise<Tally> {
  if (files.length === 0) return NOTHING;
  const folder = join(ROOT, 'artefacts', 'tests');
  const reportFile = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(reportFile, { force: true });
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...(sideBySide ? [] : ['--no-file-parallelism']),
    ...files,
  ];
  const ending = await runToEnd('vitest', args);
  const report = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined;
  return tallyVitest({ report, ending, asked: files, root: ROOT });
}

/** How the program ended, as words after "ended"; undefined for exit code 0. */
function runToEnd(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env: toolEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] });
    const pass = (signal: NodeJS.Signals): boolean => child.kill(signal);
    process.once('SIGINT', pass).once('SIGTERM', pass);
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    }, LIMIT_MS);
    const end = (how: string | undefined): void => {
      clearTimeout(limit);
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(late ? `by our limit of ${LIMIT_MS / 60_000} minutes` : how);
    };
    child.on('error', (error) => end(`before it started (${error.message})`));
    child.on('exit', (code, signal) => end(code === 0 ? undefined : signal === null ? `with exit code ${code}` : `by ${signal}`));
  });
}
