import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take until it answers. */
const START_MS_MAX = 45_000;
/** How long a server may take to stop before it is killed. */
const STOP_MS_MAX = 8_000;
const OUTPUT_BYTES_MAX = 8_000;

/** A port that was free a moment ago, never below 20000. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
    });
    if (port >= 20_000) return port;
  }
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `skyeye-${name}-`));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Whether something accepts connections. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A test run that ends without stopping its servers takes them along. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server as a child process: started, awaited until it listens, stopped by its own pid. */
export class ServerProcess {
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #port: number;
  readonly #user: { readonly uid?: number; readonly gid?: number };
  #child: ChildProcess | undefined;
  #output = '';

  constructor(options: { command: string; args: readonly string[]; port: number; user?: { uid: number; gid: number } | undefined }) {
    this.#command = options.command;
    this.#args = options.args;
    this.#port = options.port;
    this.#user = options.user ?? {};
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it, also again after a stop or a kill: same port, same data. */
  async start(): Promise<void> {
    this.#output = '';
    const child = spawn(this.#command, this.#args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir(), ...this.#user });
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_BYTES_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let spawnError: Error | undefined;
    child.once('error', (error) => {
      spawnError = error;
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const startedMs = performance.now();
    while (!(await listens(this.#port))) {
      if (spawnError !== undefined) throw spawnError;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${this.#command} ended with ${child.exitCode ?? child.signalCode}:\n${this.#output}`);
      if (performance.now() - startedMs > START_MS_MAX) {
        await this.kill();
        throw new Error(`${this.#command} did not listen within ${START_MS_MAX} ms:\n${this.#output}`);
      }
      await sleep(50);
    }
  }

  /** As a power cut would: kill −9, and waits until nothing listens any more (children may hold the port for a moment). */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    const startedMs = performance.now();
    while ((await listens(this.#port)) && performance.now() - startedMs < STOP_MS_MAX) await sleep(20);
  }

  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<void> {
    await this.#end(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await gone;
    clearTimeout(timer);
  }
}
