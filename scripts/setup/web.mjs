import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, PlainError, ROOT, toolEnvironment } from './machine.mjs';
import { withProgress } from './progress.mjs';

/** The web apps, each built by vite into its dist/. */
export const WEB_APPS = ['services/command-center/web', 'services/field/web'];

/** What a web app is made from beside its own folder. It may import contracts, and that imports foundation. */
const SHARED = [
  'packages/contracts/src',
  'packages/contracts/package.json',
  'packages/foundation/src',
  'tsconfig.base.json',
  'pnpm-lock.yaml',
];

const NOT_SOURCE = new Set(['node_modules', 'dist', '.turbo']);

/**
 * A hash over names and contents of everything the app is built from.
 * @param {string} app
 * @param {string} [root]
 */
export function webStamp(app, root = ROOT) {
  const hash = createHash('sha256');
  for (const start of [app, ...SHARED]) {
    for (const file of filesUnder(root, start)) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * Files under a path, or the path itself, in a stable order; nothing if it does not exist.
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  try {
    return readdirSync(full, { withFileTypes: true })
      .filter((entry) => !NOT_SOURCE.has(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`]));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [path];
    throw error;
  }
}

/**
 * Builds the web apps whose dist is missing or was made from other sources. The stamp is removed before a build and
 * written after it, so a broken build is never taken for a good one.
 * @param {{ root?: string }} [options]
 */
export async function ensureWebApps({ root = ROOT } = {}) {
  const memory = join(root, 'node_modules', '.skyeye');
  const stale = WEB_APPS.filter((app) => existsSync(join(root, app, 'index.html')))
    .map((app) => ({ app, stamp: webStamp(app, root), file: join(memory, `${app.replaceAll('/', '-')}.stamp`) }))
    .filter(
      ({ app, stamp, file }) =>
        !(existsSync(join(root, app, 'dist', 'index.html')) && existsSync(file) && readFileSync(file, 'utf8') === stamp),
    );
  if (stale.length === 0) return;
  await withProgress(`building ${stale.length === 1 ? 'the web app' : 'the web apps'}`, async () => {
    mkdirSync(memory, { recursive: true });
    const results = await Promise.allSettled(
      stale.map(async ({ app, stamp, file }) => {
        rmSync(file, { force: true });
        await viteBuild(root, app);
        writeFileSync(file, stamp);
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
}

/** @param {string} root @param {string} app @returns {Promise<void>} */
function viteBuild(root, app) {
  return new Promise((resolve, reject) => {
    const vite = join(root, app, 'node_modules', 'vite', 'bin', 'vite.js');
    const child = spawn(node24(root), [vite, 'build', '--logLevel', 'warn'], {
      cwd: join(root, app),
      env: toolEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new PlainError(`${output}\nBuilding ${app} failed (exit code ${code}).`)),
    );
  });
}
