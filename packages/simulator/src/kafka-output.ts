import { RAW_TOPICS } from '@skyeye/contracts';
import { createKafkaLog, type OutgoingMessage } from '@skyeye/stream';
import { createTelemetry } from '@skyeye/telemetry';
import type { Delivered } from './delivery.ts';

const BATCH_MAX = 1000;

/** Writes the records to the raw topics of a Kafka cluster, which it makes where they are missing. Returns how many. */
export async function sendToKafka(records: Iterable<Delivered>, brokers: readonly string[]): Promise<number> {
  const log = createKafkaLog({
    brokers: [...brokers],
    clientId: 'simulator',
    telemetry: createTelemetry({ service: 'simulator', level: 'error' }),
  });
  await log.createTopics(RAW_TOPICS.map((topic) => ({ name: topic.name, partitions: topic.partitions })));
  const producer = log.producer();
  const waiting = new Map<string, OutgoingMessage[]>();
  let sent = 0;
  const flush = async (): Promise<void> => {
    await Promise.all([...waiting].map(([topic, messages]) => producer.send(topic, messages)));
    waiting.clear();
  };
  let held = 0;
  for (const { topic, key, record } of records) {
    const list = waiting.get(topic);
    const message = { key, value: JSON.stringify(record) };
    if (list === undefined) waiting.set(topic, [message]);
    else list.push(message);
    sent++;
    if (++held >= BATCH_MAX) {
      await flush();
      held = 0;
    }
  }
  await flush();
  await log.close();
  return sent;
}
