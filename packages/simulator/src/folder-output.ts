import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivered } from './delivery.ts';

const FLUSH_CHARS = 1 << 20;

/** Writes a record per line into one file per topic: `<folder>/<topic>.jsonl`, each line `{"key","arrivalMs","record"}`. */
export class FolderOutput {
  readonly #folder: string;
  readonly #files = new Map<string, { fd: number; lines: string[]; chars: number }>();
  written = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  write(entry: Delivered): void {
    let file = this.#files.get(entry.topic);
    if (file === undefined) {
      file = { fd: openSync(join(this.#folder, `${entry.topic}.jsonl`), 'w'), lines: [], chars: 0 };
      this.#files.set(entry.topic, file);
    }
    const line = `{"key":${JSON.stringify(entry.key)},"arrivalMs":${entry.arrivalMs},"record":${JSON.stringify(entry.record)}}\n`;
    file.lines.push(line);
    file.chars += line.length;
    this.written++;
    if (file.chars >= FLUSH_CHARS) this.#flush(file);
  }

  #flush(file: { fd: number; lines: string[]; chars: number }): void {
    writeSync(file.fd, file.lines.join(''));
    file.lines = [];
    file.chars = 0;
  }

  close(): void {
    for (const file of this.#files.values()) {
      this.#flush(file);
      closeSync(file.fd);
    }
    this.#files.clear();
  }
}
