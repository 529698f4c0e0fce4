import { z } from 'zod';
import { HttpProblem, problems, route, who, type Route } from '@skyeye/identity';
import { markReplayed } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { findQuarantined } from '../../find-quarantined.ts';

const params = z.object({ id: z.string().regex(/^[\x21-\x7e]{1,128}$/, 'not the id of a record in quarantine') });
/** Ingest keeps only the beginning of a message near the limit: such a copy is not the record. */
const notWhole = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'NOT_WHOLE',
    message: 'only the beginning of this record was kept, it was too large; nothing was sent; ask the provider to send it again',
  });
const notRaw = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'NOT_RAW',
    message: 'this record did not come from a provider; nothing was sent; it is read again from its topic after a restart',
  });

export const replayQuarantined = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/quarantine/:id/replay',
      says: 'send the original bytes to their topic again',
      access: ['operator'],
      perMinute: 30,
      audit: 'quarantine_replayed',
      params,
    },
    async ({ params: { id }, session }) => {
      const { log, ledger, clock, quarantine } = context;
      const record = await findQuarantined(log, id);
      if (record === undefined) throw problems.notFound();
      if (!record.topic.startsWith('raw.')) throw notRaw();
      const bytes = quarantine.open(record.sealed, record.id);
      if (bytes.length !== record.bytes) throw notWhole();
      const [atMs, by] = [clock.nowMs(), who(session).account];
      const producer = log.producer();
      try {
        // Sent while the mark is held and before it is committed: a sending that fails leaves the record as it was, and one
        // whose commit fails comes again under the same ids, which ingest takes once.
        await ledger.tx(async (tx) => {
          await markReplayed(tx, record, { atMs, by });
          tx.journal.audit({
            atMs,
            by,
            kind: 'quarantine_replayed',
            subject: id,
            facts: { topic: record.topic, code: record.code },
          });
          await producer.send(record.topic, [{ key: record.id, value: bytes }]);
        });
      } finally {
        await producer.close();
      }
      return undefined;
    },
  );
