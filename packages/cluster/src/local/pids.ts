import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { describeProcess } from './describe-process.ts';

const FILE = 'processes.json';
const entry = z.strictObject({ name: z.string(), pid: z.number(), started: z.string() });
type Entry = z.infer<typeof entry>;
/** How long what a killed start left behind may take to stop before it is killed. */
const STOP_MS = 10_000;

/**
 * Which processes were started on a folder, so that the next start can end those that a killed one left behind. A pid
 * alone is not enough: it may meanwhile be another program's, so its start time is kept with it.
 */
export class Pids {
  readonly #file: string;
  #entries: readonly Entry[] = [];

  constructor(folder: string) {
    this.#file = join(folder, FILE);
  }

  add(name: string, pid: number): void {
    this.#write([...this.#entries, { name, pid, started: describeProcess(pid) ?? '' }]);
  }

  remove(pid: number): void {
    this.#write(this.#entries.filter((each) => each.pid !== pid));
  }

  #write(entries: readonly Entry[]): void {
    this.#entries = entries;
    writeFileSync(`${this.#file}.new`, JSON.stringify(entries), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** Ends what is left of an earlier start. @returns names of what was ended */
  async endOrphans(): Promise<readonly string[]> {
    const left = this.#read().filter(({ pid, started }) => started !== '' && describeProcess(pid) === started);
    for (const { pid } of left) signal(pid, 'SIGTERM');
    const untilMs = performance.now() + STOP_MS;
    const living = (): readonly Entry[] => left.filter(({ pid, started }) => describeProcess(pid) === started);
    while (living().length > 0 && performance.now() < untilMs) await sleep(100);
    for (const { pid } of living()) signal(pid, 'SIGKILL');
    this.#write([]);
    return left.map(({ name }) => name);
  }

  #read(): readonly Entry[] {
    try {
      const parsed = z.array(entry).safeParse(JSON.parse(readFileSync(this.#file, 'utf8')));
      return parsed.success ? parsed.data : [];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return [];
      throw error;
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended by itself meanwhile, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
