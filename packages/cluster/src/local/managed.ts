import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '../errors.ts';
import type { Pids } from './pids.ts';

/** A process that ends by itself is started again after this, doubled each time. */
const RESTART_MS = 500;
/** So often within the window; a process that lived longer has earned a fresh count. */
const RESTARTS_MAX = 6;
const RESTART_WINDOW_MS = 60_000;
const POLL_MS = 100;

export interface ManagedOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** `<folder>/log/<name>.log` takes its output. */
  readonly folder: string;
  readonly pids: Pids;
  /** Whether it serves. Asked until it says so. */
  readonly isReady: () => Promise<boolean>;
  readonly readyMsMax: number;
  /** How it is told to stop, and how long it may take. */
  readonly stopMsMax: number;
  readonly onRestart: (name: string, how: string) => void;
  readonly onGivenUp: (error: unknown) => void;
}

/** A child process that is kept running until it is told to stop, and that is stopped by its own pid. */
export class Managed {
  readonly name: string;
  readonly #o: ManagedOptions;
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #stopping = false;
  #restarts = 0;

  constructor(options: ManagedOptions) {
    this.name = options.name;
    this.#o = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it serves. @throws CLUSTER_NOT_READY with the end of its log */
  async start(): Promise<void> {
    const { name, readyMsMax, isReady } = this.#o;
    this.#spawn();
    const untilMs = performance.now() + readyMsMax;
    while (!(await isReady())) {
      if (this.#stopping) return;
      if (performance.now() > untilMs) throw errors.notReady({ name, says: this.#tail() });
      await sleep(POLL_MS);
    }
  }

  #logPath(): string {
    return join(this.#o.folder, 'log', `${this.name}.log`);
  }

  #tail(): string {
    return readFileSync(this.#logPath(), 'utf8').trim().split('\n').slice(-3).join(' / ').slice(-500);
  }

  #spawn(): void {
    const { command, args, env, cwd, pids } = this.#o;
    const log = openSync(this.#logPath(), 'a', 0o600);
    // A session of its own: Ctrl+C in a terminal is for the start, which stops everything in its order.
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.#child = child;
    const startedMs = performance.now();
    const gone = Promise.withResolvers<void>();
    this.#gone = gone.promise;
    if (child.pid !== undefined) pids.add(this.name, child.pid);
    const ended = (how: string): void => {
      if (child.pid !== undefined) pids.remove(child.pid);
      gone.resolve();
      if (!this.#stopping) void this.#again(how, startedMs);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal ?? `code ${code}`));
  }

  async #again(how: string, startedMs: number): Promise<void> {
    if (performance.now() - startedMs > RESTART_WINDOW_MS) this.#restarts = 0;
    this.#restarts++;
    if (this.#restarts > RESTARTS_MAX) {
      this.#o.onGivenUp(errors.keepsEnding({ name: this.name, how, says: this.#tail() }));
      return;
    }
    this.#o.onRestart(this.name, how);
    await sleep(RESTART_MS * 2 ** (this.#restarts - 1));
    if (!this.#stopping) this.#spawn();
  }

  /** SIGTERM, and SIGKILL when it took too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#o.stopMsMax);
    await this.#gone;
    clearTimeout(timer);
  }
}
