import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = join(ROOT, 'services/standalone/src/main.ts');
/** First ports are taken from here up: below are those of other programs, above those that the system gives away. */
const PORT_MIN = 24_000;
const PORT_MAX = 31_900;

export interface CountyOptions {
  readonly folder: string;
  readonly port: number;
  /** Further arguments, e.g. ['--residents', '500']. */
  readonly args?: readonly string[];
  /** How long the start may take, wall ms. */
  readonly readyMs?: number;
}

export interface RunningCountyProcess {
  readonly folder: string;
  readonly port: number;
  readonly console: string;
  readonly field: string;
  readonly bank: string;
  readonly pid: number;
  /** Wall ms from the command to the banner. */
  readonly startMs: number;
  /** Account and password that the start printed, and all others from the accounts file. */
  password(account: string): string;
  /** The officer that the simulator leaves to a person. */
  readonly officer: string;
  readonly output: () => string;
  /** Ends it as a supervisor would. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** kill −9, at once. */
  kill(): Promise<void>;
  readonly exited: Promise<number | null>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** A new folder under the system's temporary folder, and how to remove it, with the database server that a killed county left in it. */
export function temporaryFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `skyeye-${name}-`));
  return {
    path,
    remove() {
      for (const county of [path, join(path, 'data')]) endLeftServer(join(county, 'database', 'cluster', 'postmaster.pid'));
      rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** PostgreSQL outlives a county that died of kill −9, until the next start; a test has no next start. */
function endLeftServer(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  try {
    if (pid > 1) process.kill(pid, 'SIGQUIT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Three free ports in a row; the first one. */
export async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const first = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if ((await Promise.all([first, first + 1, first + 2].map(isFree))).every(Boolean)) return first;
  }
  throw new Error('no three free ports in a row');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function command(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly out: { stdout: string; stderr: string } } {
  // A clean environment: a SKYEYE_* of the person who runs the tests must not set options.
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
  });
  const out = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  return { child, out };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });

/** Runs the start command to its end: for starts that are refused, and `--help`. Killed after `limitMs`. */
export async function runToEnd(
  args: readonly string[],
  { env = {}, limitMs = 120_000 }: { env?: Readonly<Record<string, string>>; limitMs?: number } = {},
): Promise<Ended> {
  const startedMs = performance.now();
  const { child, out } = command(args, env);
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const code = await exitOf(child);
  clearTimeout(timer);
  return { code, ...out, tookMs: performance.now() - startedMs };
}

/** Starts a county and waits for the banner. On failure everything it printed is in the error. */
export async function startCounty({ folder, port, args = [], readyMs = 180_000 }: CountyOptions): Promise<RunningCountyProcess> {
  const startedMs = performance.now();
  const { child, out } = command(['--data', folder, '--port', String(port), ...args]);
  const exited = exitOf(child);
  let ended = false;
  void exited.then(() => (ended = true));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  while (!out.stdout.includes('Ctrl+C')) {
    if (ended || performance.now() - startedMs > readyMs) {
      await kill();
      throw new Error(`the county did not start within ${readyMs} ms:\n${out.stdout}\n${out.stderr}`);
    }
    await sleep(20);
  }
  const accounts = (): Map<string, string> =>
    new Map(
      readFileSync(join(folder, 'accounts.txt'), 'utf8')
        .split('\n')
        .map((line) => line.split('\t'))
        .map(([account = '', password = '']) => [account, password]),
    );
  const printed = new Map(
    [...out.stdout.matchAll(/^ {4}(\S+) +([a-z]{4}-[a-z]{6}) /gm)].map(([, account = '', password = '']) => [account, password]),
  );
  const officer = [...printed.keys()].find((account) => account.startsWith('team-')) ?? '';
  const url = (offset: number): string => `http://127.0.0.1:${port + offset}`;
  return {
    folder,
    port,
    console: url(0),
    field: url(1),
    bank: url(2),
    pid: child.pid ?? 0,
    startMs: performance.now() - startedMs,
    officer,
    exited,
    kill,
    password: (account) => printed.get(account) ?? accounts().get(account) ?? '',
    output: () => `${out.stdout}\n${out.stderr}`,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
  };
}

/** A signed-in caller of the console or the field app. */
export interface Caller {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<{ readonly status: number; readonly body: T }>;
}

export async function signIn(base: string, account: string, password: string): Promise<Caller> {
  const reply = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ account, password }),
  });
  if (!reply.ok) throw new Error(`sign-in of ${account}: ${reply.status} ${await reply.text()}`);
  const cookie = (reply.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  return {
    async get<T>(path: string) {
      const answer = await fetch(`${base}${path}`, { headers: { cookie } });
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async post<T>(path: string, body: unknown) {
      const answer = await fetch(`${base}${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: base },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (answer.status === 204 ? null : await answer.json()) as T };
    },
  };
}

/** Waits until the question has an answer that is not undefined. */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined> | T | undefined,
  everyMs = 250,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(everyMs);
  }
}
