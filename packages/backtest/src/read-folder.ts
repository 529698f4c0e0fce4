import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rawReference, SOURCES, STREAM_NAMES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import type { Arrival } from './arrival.ts';
import { errors } from './errors.ts';

interface Line {
  readonly arrivalMs: number;
  readonly record: Readonly<Record<string, unknown>>;
}

/**
 * Records that `pnpm simulate` wrote, a file per topic, merged by arrival and normalised as ingest does. Identifiers stay as
 * they are. Holds a line per file. @throws BACKTEST_NO_RECORDS, BACKTEST_LINE_BROKEN
 */
export async function* readFolder(folder: string): AsyncGenerator<Arrival> {
  const topics = ['raw.reference', ...STREAM_NAMES.map((stream) => `raw.${stream}`)];
  const there = new Set(readdirSync(folder));
  const files = topics.filter((topic) => there.has(`${topic}.jsonl`));
  if (files.length === 0) throw errors.noRecords({ folder });
  const open = await Promise.all(
    files.map(async (topic, order) => {
      const lines = linesOf(join(folder, `${topic}.jsonl`));
      return { topic, order, lines, next: (await lines.next()).value as Line | undefined };
    }),
  );
  for (;;) {
    let first: (typeof open)[number] | undefined;
    for (const file of open)
      if (file.next !== undefined && (first?.next === undefined || file.next.arrivalMs < first.next.arrivalMs)) first = file;
    if (first?.next === undefined) return;
    const { arrivalMs, record } = first.next;
    if (first.topic === 'raw.reference') yield { kind: 'reference', atMs: arrivalMs, records: referencesOf(record) };
    else
      for (const event of eventsOf(first.topic.slice('raw.'.length) as StreamName, record, arrivalMs))
        yield { kind: 'event', atMs: arrivalMs, event };
    first.next = (await first.lines.next()).value as Line | undefined;
  }
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    if (text === '') continue;
    let line: Partial<Line>;
    try {
      line = JSON.parse(text) as Partial<Line>;
    } catch (cause) {
      throw errors.lineBroken({ line: number }, cause);
    }
    if (typeof line.arrivalMs !== 'number' || typeof line.record !== 'object') throw errors.lineBroken({ line: number });
    yield line as Line;
  }
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
