import type { StreamMessage } from '@skyeye/contracts';
import type { LiveBatch, LiveReader } from '@skyeye/identity';
import { evidenceOf, feedSeq, readFeed, type FeedRow } from '@skyeye/ledger';
import type { Context } from './deps.ts';
import { afterRow, placeOf, rowOf, rowsDone } from './place.ts';

/** Rows of the feed in one batch. */
const BATCH_ROWS = 200;
/** A reader further behind loads the list anew: cheaper than all that happened. */
const BEHIND_MAX = 5_000;
/** Batches remembered between two changes of the feed: readers at the same place share one. */
const SHARED_MAX = 64;

type Reader = Omit<LiveReader, 'stillAllowed'>;

/**
 * The feed as messages of the console. Of an incident that changed several times within a batch only the last state is
 * sent; actions and evidence are all sent. `station` limits it to the incidents of one station.
 */
export function consoleReader(context: Context): (station: string | null) => Reader {
  const { ledger, clock, wallNowMs } = context;
  const shared = new Map<string, Promise<LiveBatch>>();
  let sharedAt = -1;

  const batchOf = async (place: number, station: string | null, endRow: number): Promise<LiveBatch> => {
    const rows = await readFeed(ledger, rowsDone(place), BATCH_ROWS);
    const messages = await messagesOf(context, rows, station);
    const lastRow = rows.at(-1)?.seq;
    return {
      messages: messages.filter(({ seq }) => seq > place),
      upTo: lastRow === undefined ? place : afterRow(lastRow),
      more: lastRow !== undefined && lastRow < endRow,
    };
  };

  return (station) => ({
    async read(place) {
      const endRow = context.head.seq;
      if (rowsDone(place) >= endRow) return { messages: [], upTo: place, more: false };
      if (endRow !== sharedAt || shared.size >= SHARED_MAX) {
        shared.clear();
        sharedAt = endRow;
      }
      const key = `${place} ${station ?? ''}`;
      let batch = shared.get(key);
      if (batch === undefined) {
        batch = batchOf(place, station, endRow);
        shared.set(key, batch);
        // A failure is the reader's that waits for it; the next one asks again.
        batch.catch(() => shared.delete(key));
      }
      return batch;
    },
    beat: (seq) => ({ type: 'clock', seq, countyMs: clock.nowMs(), wallMs: wallNowMs(), speed: clock.speed }),
    startSeq: async () => afterRow(await feedSeq(ledger)),
    async mayResume(place) {
      const end = await feedSeq(ledger);
      return place <= afterRow(end) && end - rowOf(place) <= BEHIND_MAX;
    },
  });
}

async function messagesOf({ views, ledger }: Context, rows: readonly FeedRow[], station: string | null): Promise<readonly StreamMessage[]> {
  if (rows.length === 0) return [];
  const incidents = new Map(
    (await views.some([...new Set(rows.map(({ incidentId }) => incidentId))])).map((incident) => [incident.id, incident]),
  );
  const lastRowOf = new Map(rows.map(({ incidentId, seq }) => [incidentId, seq]));
  const messages: StreamMessage[] = [];
  // A station that an incident was taken from hears that, and no more of it.
  const taken = new Set(
    rows.flatMap((row) =>
      row.type === 'action' && row.action.kind === 'returned' && row.action.facts['from'] === station ? row.incidentId : [],
    ),
  );
  for (const row of rows) {
    const incident = incidents.get(row.incidentId);
    if (incident === undefined) continue;
    const foreign = station !== null && incident.station !== station;
    if (foreign && !taken.has(incident.id)) continue;
    if (row.type === 'action' && (!foreign || row.action.kind === 'returned'))
      messages.push({ type: 'action', seq: placeOf(row.seq, 'notice'), action: row.action, subjectName: incident.subject.maskedName });
    if (row.type === 'evidence' && !foreign)
      messages.push({
        type: 'evidence',
        seq: placeOf(row.seq, 'notice'),
        incidentId: incident.id,
        evidence: [...(await evidenceOf(ledger, incident.id, row.eventIds))],
      });
    if (lastRowOf.get(incident.id) === row.seq) messages.push({ type: 'incident', seq: placeOf(row.seq, 'incident'), incident });
  }
  const lastRow = rows.at(-1)?.seq ?? 0;
  messages.push({ type: 'counters', seq: placeOf(lastRow, 'counters'), counters: await views.counters() });
  return messages;
}
