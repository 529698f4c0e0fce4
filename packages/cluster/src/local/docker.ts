import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '../errors.ts';
import type { StartOptions } from './start-options.ts';
import { composeSecrets } from './compose-secrets.ts';

const run = promisify(execFile);
const COMPOSE = 'docker/compose.yaml';

/** Whether a Docker engine and Compose are there. Cost: up to 10 s when an engine hangs. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await run('docker', ['info'], { timeout: 5_000 });
    await run('docker', ['compose', 'version'], { timeout: 5_000 });
    return true;
  } catch {
    // No command, no engine, no Compose: all mean "not by Docker".
    return false;
  }
}

export interface DockerOptions extends Pick<
  StartOptions,
  'port' | 'host' | 'demoAccounts' | 'seed' | 'residents' | 'speed' | 'scams' | 'withoutSimulator' | 'checkpointSeconds' | 'logLevel'
> {
  readonly root: string;
  readonly folder: string;
  readonly say: (line: string) => void;
}

/**
 * Runs `docker/compose.yaml` in the foreground with secrets made at the first start (`<folder>/compose.env`, mode 0600).
 * Ctrl+C stops the containers; their volumes stay. @returns the exit code
 * @throws CLUSTER_SERVER_MISSING when no engine answers
 */
export async function startInDocker({ root, folder, say, ...options }: DockerOptions): Promise<number> {
  if (!(await dockerAnswers()))
    throw errors.serverMissing({ missing: 'No Docker engine with Compose answers. Start it, or use --servers local.' });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secrets = join(folder, 'compose.env');
  if (!existsSync(secrets)) writeFileSync(secrets, composeSecrets(), { mode: 0o600, flush: true });
  const env = {
    ...process.env,
    SKYEYE_BIND: options.host,
    SKYEYE_CONSOLE_PORT: String(options.port),
    SKYEYE_FIELD_PORT: String(options.port + 1),
    SKYEYE_BANK_PORT: String(options.port + 2),
    SKYEYE_SEED: String(options.seed),
    SKYEYE_RESIDENTS: String(options.residents),
    SKYEYE_SPEED: String(options.speed),
    SKYEYE_SCAMS: options.scams,
    SKYEYE_DEMO: options.withoutSimulator && !options.demoAccounts ? '0' : '1',
    SKYEYE_CHECKPOINT_SECONDS: String(options.checkpointSeconds),
    SKYEYE_LOG_LEVEL: options.logLevel,
  };
  const compose = [
    'compose',
    '--env-file',
    secrets,
    '-f',
    join(root, COMPOSE),
    ...(options.withoutSimulator ? [] : ['--profile', 'simulator']),
  ];
  const attached = async (args: readonly string[]): Promise<number> => {
    const child = spawn('docker', [...compose, ...args], { cwd: root, env, stdio: 'inherit' });
    // The terminal sends Ctrl+C to both; a supervisor's signal is passed on.
    const pass = (): void => void child.kill('SIGTERM');
    process.on('SIGTERM', pass);
    process.on('SIGINT', () => undefined);
    try {
      return await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 0)));
      });
    } finally {
      process.off('SIGTERM', pass);
    }
  };
  say('containers: built and started; the first time takes some minutes');
  const code = await attached(['up', '--build', '--detach', '--wait']);
  if (code !== 0) return code;
  say(`console http://${options.host}:${options.port}, field app :${options.port + 1}, bank gateway :${options.port + 2}`);
  if (env.SKYEYE_DEMO === '1') await attached(['exec', '-T', 'command-center', 'node', 'packages/cluster/bin/accounts.ts']);
  say('Ctrl+C stops the containers; the same command goes on where they were');
  await attached(['logs', '--follow', '--no-log-prefix', '--tail', '0']);
  return attached(['stop']);
}
