import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log file grows to this size; then it is kept as `.1`, and the one before is gone. */
const BYTES_MAX = 32 * 1024 * 1024;

/** A bounded file for log lines. A line that the disk does not take is counted and told with the next one that fits. */
export class LogFile {
  readonly #path: string;
  #fd: number;
  #bytes: number;
  #dropped = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, 'a', 0o600);
    this.#bytes = fstatSync(this.#fd).size;
  }

  write(line: string): void {
    try {
      if (this.#bytes > BYTES_MAX) this.#turn();
      if (this.#dropped > 0) {
        writeSync(this.#fd, `{"level":"warn","event":"LogLinesDropped","lines":${this.#dropped}}\n`);
        this.#dropped = 0;
      }
      this.#bytes += writeSync(this.#fd, line);
    } catch {
      // The disk is full or gone: a log must not bring down what it tells about. The count is told when it is back.
      this.#dropped++;
    }
  }

  #turn(): void {
    closeSync(this.#fd);
    renameSync(this.#path, `${this.#path}.1`);
    this.#fd = openSync(this.#path, 'a', 0o600);
    this.#bytes = 0;
  }
}
