import type { Log } from '@skyeye/stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Every message that a topic has now, as text. */
export async function readTopic(log: Log, topic: string): Promise<string[]> {
  const values: string[] = [];
  const end = (await log.admin.endOffsets(topic)).reduce((sum, { offset }) => sum + offset, 0);
  const consumer = await log.consumer({
    group: `test-${topic}`,
    topics: [topic],
    from: 'earliest',
    onBatch: async ({ messages }) => void values.push(...messages.map(({ value }) => Buffer.from(value).toString())),
    onPoison: (_poisoned, error) => Promise.reject(error instanceof Error ? error : new Error('poison')),
  });
  while (values.length < end) await sleep(5);
  await consumer.close();
  return values;
}
