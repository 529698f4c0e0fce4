import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rawReference, SOURCES, STREAM_NAMES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import type { Arrival } from './arrival.ts';
import { errors } from './errors.ts';

interface Line {
  readonly arrivalMs: number;
  readonly record: Readonly<Record<string, unknown>>;
}

/** Arrivals handed over at once: one turn of waiting for so many. */
const CHUNK = 4_096;

/**
 * Records that `pnpm simulate` wrote, a file per topic, merged by arrival and normalised as ingest does. Identifiers stay as
 * they are. Holds a piece of each file. @throws BACKTEST_NO_RECORDS, BACKTEST_LINE_BROKEN
 */
export async function* readFolder(folder: string): AsyncGenerator<readonly Arrival[]> {
  const topics = ['raw.reference', ...STREAM_NAMES.map((stream) => `raw.${stream}`)];
  const there = new Set(readdirSync(folder));
  const files = topics.filter((topic) => there.has(`${topic}.jsonl`));
  if (files.length === 0) throw errors.noRecords({ folder });
  const open = files.map((topic) => new LineFile(join(folder, `${topic}.jsonl`), topic.slice('raw.'.length)));
  for (const file of open) await file.ahead();
  let chunk: Arrival[] = [];
  for (;;) {
    let first: LineFile | undefined;
    for (const file of open)
      if (file.next !== undefined && (first?.next === undefined || file.next.arrivalMs < first.next.arrivalMs)) first = file;
    if (first?.next === undefined) break;
    const { arrivalMs, record } = first.next;
    if (first.stream === 'reference') chunk.push({ kind: 'reference', atMs: arrivalMs, records: referencesOf(record) });
    else for (const event of eventsOf(first.stream as StreamName, record, arrivalMs)) chunk.push({ kind: 'event', atMs: arrivalMs, event });
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = [];
    }
    if (!first.step()) await first.ahead();
  }
  if (chunk.length > 0) yield chunk;
}

/** A file of lines, read piece by piece: within a piece nobody waits. */
class LineFile {
  readonly stream: string;
  next: Line | undefined;
  readonly #pieces: AsyncIterator<string>;
  #lines: string[] = [];
  #at = 0;
  #rest = '';
  #number = 0;

  constructor(path: string, stream: string) {
    this.stream = stream;
    this.#pieces = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })[Symbol.asyncIterator]() as AsyncIterator<string>;
  }

  /** To the next line that is at hand. False: the piece is over. */
  step(): boolean {
    while (this.#at < this.#lines.length) {
      const text = this.#lines[this.#at++] as string;
      this.#number++;
      if (text !== '' && text !== '\r') {
        this.next = lineOf(text, this.#number);
        return true;
      }
    }
    return false;
  }

  /** Reads pieces until there is a line; `next` is undefined at the end of the file. */
  async ahead(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#pieces.next();
      const text = this.#rest + (done === true ? '' : value);
      if (done === true && text === '') {
        this.next = undefined;
        return;
      }
      this.#lines = text.split('\n');
      this.#rest = done === true ? '' : (this.#lines.pop() ?? '');
      this.#at = 0;
      if (this.step()) return;
    }
  }
}

function lineOf(text: string, number: number): Line {
  let line: Partial<Line>;
  try {
    line = JSON.parse(text) as Partial<Line>;
  } catch (cause) {
    throw errors.lineBroken({ line: number }, cause);
  }
  if (typeof line.arrivalMs !== 'number' || typeof line.record !== 'object') throw errors.lineBroken({ line: number });
  return line as Line;
}

function eventsOf(stream: StreamName, record: Readonly<Record<string, unknown>>, arrivalMs: number): StreamEvent[] {
  const source = SOURCES[stream];
  return source.normalise(source.raw.parse(record)).map((event) => ({ ...event, it: arrivalMs }));
}

function referencesOf(raw: Readonly<Record<string, unknown>>): Reference[] {
  const record = rawReference.parse(raw);
  if (record.kind !== 'history') return [record as Reference];
  const inner = record.record as Readonly<Record<string, unknown>>;
  return eventsOf(record.stream, inner, Number(inner['t'])).map((event, side) => ({ kind: 'history', id: `${record.id}:${side}`, event }));
}
