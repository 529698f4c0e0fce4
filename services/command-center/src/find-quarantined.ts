import { randomUUID } from 'node:crypto';
import { quarantineRecord, TOPICS, type QuarantineRecord } from '@skyeye/contracts';
import type { Log } from '@skyeye/stream';

/** Wall time for the search; the topic keeps weeks of mistakes, not of records. */
const SEARCH_MS = 20_000;

/** Looks through the quarantine topic for a record with its sealed bytes. Cost: one pass over the topic. */
export async function findQuarantined(log: Log, id: string): Promise<QuarantineRecord | undefined> {
  const topic = TOPICS.quarantine.name;
  const ends = await log.admin.endOffsets(topic);
  const left = new Map(ends.filter(({ offset }) => offset > 0).map(({ partition, offset }) => [partition, offset]));
  if (left.size === 0) return undefined;
  const group = `quarantine-search-${randomUUID()}`;
  let found: QuarantineRecord | undefined;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const timer = setTimeout(finish, SEARCH_MS);
  const consumer = await log.consumer({
    group,
    topics: [topic],
    from: 'earliest',
    onBatch({ partition, messages }) {
      for (const { value, offset } of messages) {
        const record = read(value);
        if (record?.id === id) found = record;
        if (offset + 1 >= (left.get(partition) ?? 0)) left.delete(partition);
      }
      if (found !== undefined || left.size === 0) finish();
      return Promise.resolve();
    },
    // Nothing here throws for one message; what cannot be read is passed over.
    onPoison: () => Promise.resolve(),
  });
  try {
    await Promise.race([finished, consumer.finished]);
  } finally {
    clearTimeout(timer);
    await consumer.close();
    await log.admin.forgetGroup(group);
  }
  return found;
}

function read(value: Uint8Array): QuarantineRecord | undefined {
  try {
    const parsed = quarantineRecord.safeParse(JSON.parse(Buffer.from(value).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // A message that is not JSON is not the record that is looked for.
    return undefined;
  }
}
