import { eventSchema, TOPICS, type Reference, type StreamEvent } from '@skyeye/contracts';
import { createEmbeddedLog, type Batch } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import type { Arrival } from './arrival.ts';
import { errors } from './errors.ts';

const GROUP = 'backtest';
const LOOK_MS = 50;
const text = new TextDecoder('utf-8', { fatal: true });

/**
 * What the log of a data folder holds: events as ingest normalised them, tokens in place of identifiers, in the order of
 * ingest. The product must not run in this folder meanwhile. Holds all of it, bounded by the log's retention.
 * @throws BACKTEST_NO_RECORDS, BACKTEST_LINE_BROKEN, STREAM_FOLDER_IN_USE
 */
export async function readLog(folder: string): Promise<readonly (readonly Arrival[])[]> {
  const log = createEmbeddedLog({ folder, telemetry: silentTelemetry() });
  const topics = [TOPICS.reference.name, TOPICS.events.name];
  const references: Reference[] = [];
  const events: StreamEvent[] = [];
  try {
    const known = new Set((await log.admin.topics()).map(({ name }) => name));
    if (!topics.every((topic) => known.has(topic))) throw errors.noRecords({ folder });
    const consumer = await log.consumer({
      group: GROUP,
      topics,
      from: 'earliest',
      commit: 'afterBatch',
      onBatch: (batch) => {
        take(batch, references, events);
        return Promise.resolve();
      },
      onPoison: ({ message }, error) => Promise.reject(errors.lineBroken({ line: message.offset }, error)),
    });
    const behind = async (): Promise<number> => (await log.admin.lag(GROUP, topics)).reduce((sum, { lag }) => sum + lag, 0);
    while ((await behind()) > 0) await Promise.race([consumer.finished, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    await consumer.close();
    await log.admin.forgetGroup(GROUP);
  } finally {
    await log.close();
  }
  if (events.length === 0) throw errors.noRecords({ folder });
  const arrivedMs = (event: StreamEvent): number => (typeof event['it'] === 'number' ? event['it'] : event.t);
  const ordered = events.toSorted((a, b) => arrivedMs(a) - arrivedMs(b) || (a.id < b.id ? -1 : 1));
  const startMs = ordered[0] === undefined ? 0 : arrivedMs(ordered[0]);
  return [
    [{ kind: 'reference', atMs: startMs, records: references }],
    ordered.map((event): Arrival => ({ kind: 'event', atMs: arrivedMs(event), event })),
  ];
}

function take({ topic, messages }: Batch, references: Reference[], events: StreamEvent[]): void {
  for (const { value, offset } of messages) {
    const record = JSON.parse(text.decode(value)) as Reference | StreamEvent;
    if (topic === TOPICS.reference.name) references.push(record as Reference);
    else {
      const parsed = eventSchema((record as StreamEvent).stream).safeParse(record);
      if (!parsed.success) throw errors.lineBroken({ line: offset });
      events.push(parsed.data);
    }
  }
}
