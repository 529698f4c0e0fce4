import { quarantineRecord, sourceStatus, TOPICS } from '@skyeye/contracts';
import { putQuarantined, putSourceStatus, type Ledger } from '@skyeye/ledger';
import type { Consumer, Log } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import { logEvents, metricEntries } from './tables.ts';

/** Takes the accounts of ingest and the notices of quarantine into the ledger, for the source page. Idempotent. */
export function consumeStatus({
  log,
  ledger,
  telemetry,
  group,
}: {
  log: Log;
  ledger: Ledger;
  telemetry: Telemetry;
  group: string;
}): Promise<Consumer> {
  const metrics = telemetry.metrics(metricEntries);
  const unreadable = (topic: string, offset: number): void => {
    metrics.unreadable.add(1);
    telemetry.log(logEvents).RecordQuarantined({ topic, offset });
  };
  return log.consumer({
    group,
    topics: [TOPICS.sourceStatus.name, TOPICS.quarantine.name],
    from: 'committed',
    async onBatch({ topic, messages }) {
      for (const { value, offset } of messages) {
        const body = json(value);
        if (topic === TOPICS.sourceStatus.name) {
          const status = sourceStatus.safeParse(body);
          if (status.success) await putSourceStatus(ledger, status.data);
          else unreadable(topic, offset);
        } else {
          const record = quarantineRecord.safeParse(body);
          if (record.success) await putQuarantined(ledger, record.data);
          else unreadable(topic, offset);
        }
      }
    },
    // Both topics are our own; a message that the ledger refuses is counted and passed over, its bytes stay on the topic.
    onPoison: ({ topic, message }) => {
      unreadable(topic, message.offset);
      return Promise.resolve();
    },
  });
}

function json(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString('utf8')) as unknown;
  } catch {
    // Undefined matches no contract, so it is counted as unreadable.
    return undefined;
  }
}
