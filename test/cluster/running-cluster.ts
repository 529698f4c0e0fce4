import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = join(ROOT, 'packages/cluster/bin/start-cluster.ts');
const STOP_MS_MAX = 40_000;

/** A cluster that the start command runs: servers of this machine, every service a process of its own. */
export interface RunningCluster {
  readonly folder: string;
  readonly console: string;
  readonly field: string;
  readonly bank: string;
  readonly brokers: string;
  readonly output: () => string;
  password(account: string): string;
  /** kill −9 of one of its processes, by the pid that it keeps. */
  kill(name: string): void;
  /** Ctrl+C. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Whatever happened before: nothing is left running, and the folder is gone. */
  end(): Promise<void>;
}

/** Three free ports in a row. */
async function freePorts(): Promise<number> {
  const free = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
  for (;;) {
    const port = 21_000 + Math.floor(Math.random() * 10_000);
    if ((await free(port)) && (await free(port + 1)) && (await free(port + 2))) return port;
  }
}

/** @param readyMs how long the start may take, wall ms */
export async function runCluster({
  args,
  readyMs,
  folder = mkdtempSync(join(tmpdir(), 'skyeye-cluster-')),
}: {
  readonly args: readonly string[];
  readonly readyMs: number;
  readonly folder?: string;
}): Promise<RunningCluster> {
  const port = await freePorts();
  const child = spawn(
    process.execPath,
    ['--disable-warning=TimeoutNegativeWarning', START, '--servers', 'local', '--port', String(port), '--data', folder, ...args],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (part: string) => (printed += part));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const processes = (): readonly { name: string; pid: number }[] =>
    JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')) as { name: string; pid: number }[];
  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT');
    return Promise.race([exited, sleep(STOP_MS_MAX, null, { ref: false })]);
  };
  const cluster: RunningCluster = {
    folder,
    console: `http://127.0.0.1:${port}`,
    field: `http://127.0.0.1:${port + 1}`,
    bank: `http://127.0.0.1:${port + 2}`,
    get brokers() {
      return /Kafka at (\S+),/.exec(printed)?.[1] ?? '';
    },
    output: () => printed,
    password: (account) =>
      readFileSync(join(folder, 'accounts.txt'), 'utf8')
        .split('\n')
        .map((line) => line.split(/\s+/))
        .find(([name]) => name === account)?.[1] ?? '',
    kill(name) {
      const found = processes().find((each) => each.name === name);
      if (found === undefined) throw new Error(`${name} does not run`);
      process.kill(found.pid, 'SIGKILL');
    },
    stop,
    async end() {
      if (child.exitCode === null && child.signalCode === null) await stop();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  const untilMs = performance.now() + readyMs;
  while (!printed.includes('cluster ready')) {
    if (child.exitCode !== null || performance.now() > untilMs) {
      await cluster.end();
      throw new Error(`the cluster did not get ready:\n${printed.slice(-3_000)}`);
    }
    await sleep(200);
  }
  return cluster;
}

/** The console's API as an analyst's browser uses it. */
export interface Desk {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** Signs in. @throws Error with the answer when it is refused */
export async function signIn(cluster: RunningCluster, account: string): Promise<Desk> {
  const base = cluster.console;
  let cookie = '';
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(base + path, {
      method,
      headers: { cookie, origin: base, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) cookie = set.split(';')[0] ?? '';
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  await call('POST', '/api/session', { account, password: cluster.password(account) });
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

/** Looks every half second until there is something, or the time is over. */
export async function waitFor<T>(look: () => Promise<T | undefined>, ms: number, what: string): Promise<T> {
  const untilMs = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > untilMs) throw new Error(`${what} did not come within ${ms / 1000} s`);
    await sleep(500);
  }
}
