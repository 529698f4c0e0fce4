import type { Action } from '@skyeye/contracts';
import type { Queries } from './database.ts';

/** What happened, in the order of the commits, without a gap. An action says that its incident changed, too. */
export type FeedRow =
  | { readonly type: 'action'; readonly seq: number; readonly incidentId: string; readonly action: Action }
  | { readonly type: 'incident'; readonly seq: number; readonly incidentId: string }
  | { readonly type: 'evidence'; readonly seq: number; readonly incidentId: string; readonly eventIds: readonly string[] };

interface Raw {
  seq: number;
  type: 'action' | 'incident' | 'evidence';
  incident_id: string;
  at_ms: number;
  by: string | null;
  by_name: string | null;
  kind: Action['kind'] | null;
  says: Action['says'] | null;
  facts: Action['facts'] | null;
  event_ids: string[] | null;
}

const actionOf = (row: Raw): Action => ({
  seq: row.seq,
  incidentId: row.incident_id,
  kind: row.kind ?? 'note',
  atMs: row.at_ms,
  by: row.by ?? '',
  ...(row.by_name === null ? {} : { byName: row.by_name }),
  says: row.says ?? { zh: '', en: '' },
  facts: row.facts ?? {},
});

const WITH_NAMES = 'select feed.*, accounts.name as by_name from feed left join accounts on accounts.account = feed.by';

/** Rows after a sequence, oldest first. Nothing with a lower sequence can appear later. */
export async function readFeed(queries: Queries, afterSeq: number, limit = 500): Promise<readonly FeedRow[]> {
  const rows = await queries.query<Raw>(`${WITH_NAMES} where seq > $1 order by seq limit $2`, [afterSeq, limit]);
  return rows.map((row) => {
    const { seq, incident_id: incidentId } = row;
    if (row.type === 'action') return { type: 'action', seq, incidentId, action: actionOf(row) };
    return row.type === 'evidence'
      ? { type: 'evidence', seq, incidentId, eventIds: row.event_ids ?? [] }
      : { type: 'incident', seq, incidentId };
  });
}

/** The last sequence handed out; 0 for an empty feed. */
export async function feedSeq(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ feed_seq: number }>('select feed_seq from journal_head');
  return row?.feed_seq ?? 0;
}

/** Rows of the feed that `recentActions` looks back over at most. */
const RECENT_ROWS_MAX = 20_000;

/** The last actions, newest first, each with the person its incident is about; of one station, or (null) of all. One statement. */
export async function recentActions(
  queries: Queries,
  { station, limit }: { readonly station: string | null; readonly limit: number },
): Promise<readonly { readonly action: Action; readonly person: string }[]> {
  const rows = await queries.query<Raw & { person: string }>(
    `select feed.*, accounts.name as by_name, incidents.person
     from feed join incidents on incidents.id = feed.incident_id left join accounts on accounts.account = feed.by
     where feed.type = 'action' and feed.seq > (select feed_seq from journal_head) - $1 and ($2::text is null or incidents.station = $2)
     order by feed.seq desc limit $3`,
    [RECENT_ROWS_MAX, station, limit],
  );
  return rows.map((row) => ({ action: actionOf(row), person: row.person }));
}

export async function actionsOf(queries: Queries, incidentId: string, limit = 500): Promise<readonly Action[]> {
  const rows = await queries.query<Raw>(`${WITH_NAMES} where incident_id = $1 and type = 'action' order by seq desc limit $2`, [
    incidentId,
    limit,
  ]);
  return rows.map(actionOf).toReversed();
}

/** Forgets changes and evidence notices that no reader will resume from; actions stay. Returns how many went. */
export async function pruneFeed(queries: Queries, beforeMs: number): Promise<number> {
  const rows = await queries.query(
    "delete from feed where seq in (select seq from feed where type <> 'action' and at_ms < $1 order by seq limit 5000) returning 1",
    [beforeMs],
  );
  return rows.length;
}
