import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, MEMORY, PlainError, PNPM, ROOT } from './machine.mjs';
import { withProgress } from './progress.mjs';

/** How much of pnpm's output is shown when it fails. */
const OUTPUT_KEPT = 4000;

/**
 * What the installed packages depend on: the lockfile, the workspace's settings and the kind of machine.
 * @param {string} [root]
 */
export function installStamp(root = ROOT) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file))).update('\0');
  return hash.digest('hex');
}

/**
 * Installs when node_modules is missing or was made from another lockfile. Cost when nothing changed: one hash.
 * The stamp is written last, so an interrupted installation is taken up again.
 * @param {{ root?: string }} [options]
 * @returns {Promise<'installed' | 'current'>}
 */
export async function ensureInstalled({ root = ROOT } = {}) {
  const stamp = installStamp(root);
  const stampFile = join(root, 'node_modules', '.skyeye', 'installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'current';
  await withProgress('installing packages', (detail) => pnpmInstall(root, detail));
  mkdirSync(join(root, 'node_modules', '.skyeye'), { recursive: true });
  writeFileSync(stampFile, stamp);
  return 'installed';
}

/** @param {string} root @param {(text: string) => void} detail @returns {Promise<void>} */
function pnpmInstall(root, detail) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'npx',
      ['-y', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
      const progress = output.match(/Progress: [^\n]*/g)?.at(-1);
      if (progress !== undefined) detail(progress.replace('Progress: ', ''));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) =>
      reject(new PlainError(`npx could not be started (${error.message}); it comes with npm, which comes with Node.`)),
    );
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new PlainError(
            `${output}\nInstalling the packages failed (exit code ${code}). Is the package registry in reach, and is there room on the disk?`,
          ),
        );
    });
  });
}

/**
 * Puts a `pnpm` at the end of our own PATH (toolEnvironment) for a machine that has none: turbo calls `pnpm run <task>`, and
 * npm runs a script just so. Not through npx: several at once wait for its lock, measured at minutes.
 */
export function ensurePnpmName() {
  if (findProgram('pnpm') !== undefined) return;
  mkdirSync(join(MEMORY, 'bin'), { recursive: true });
  const shim = join(MEMORY, 'bin', 'pnpm');
  writeFileSync(shim, `#!/bin/sh\n[ "$1" = run ] && exec npm "$@"\nexec npx -y ${PNPM} "$@"\n`);
  chmodSync(shim, 0o755);
}
