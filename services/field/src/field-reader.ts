import type { FieldMessage } from '@skyeye/contracts';
import { feedPlaces, type LiveReader, type Session } from '@skyeye/identity';
import { feedSeq, readFeed, tasksOf, type FeedRow } from '@skyeye/ledger';
import type { Context } from './deps.ts';
import { tasksOfIncidentFor } from './tasks.ts';

const BATCH_ROWS = 200;
const BEHIND_MAX = 5_000;
/** Tasks of one unit in one incident that a row can carry; a unit has one open at a time. */
const TASKS_MAX = 15;
const SHARED_MAX = 64;

export const places = feedPlaces(TASKS_MAX);

interface Shared {
  readonly rows: readonly FeedRow[];
  /** Units that have a task in an incident, by incident. */
  readonly units: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The feed as task messages of one person's unit. What concerns no task of the unit costs that reader nothing. */
export function fieldReader(context: Context): (session: Session) => Omit<LiveReader, 'stillAllowed'> {
  const { ledger, clock, wallNowMs } = context;
  const shared = new Map<number, Promise<Shared>>();
  let sharedAt = -1;

  const rowsAfter = (row: number, endRow: number): Promise<Shared> => {
    if (endRow !== sharedAt || shared.size >= SHARED_MAX) {
      shared.clear();
      sharedAt = endRow;
    }
    let found = shared.get(row);
    if (found === undefined) {
      found = load(context, row);
      shared.set(row, found);
      // A failure is the reader's that waits for it; the next one asks again.
      found.catch(() => shared.delete(row));
    }
    return found;
  };

  return (session) => ({
    async read(place) {
      const endRow = context.head.seq;
      const from = places.rowsDone(place);
      if (from >= endRow) return { messages: [], upTo: place, more: false };
      const { rows, units } = await rowsAfter(from, endRow);
      const last = rows.at(-1)?.seq;
      if (last === undefined) return { messages: [], upTo: place, more: false };
      const lastRowOf = new Map(rows.map(({ incidentId, seq }) => [incidentId, seq]));
      const messages: FieldMessage[] = [];
      for (const { seq: row, incidentId } of rows) {
        if (lastRowOf.get(incidentId) !== row || session.unit === null || units.get(incidentId)?.has(session.unit) !== true) continue;
        const tasks = (await tasksOfIncidentFor(context, session, incidentId)).slice(-TASKS_MAX);
        messages.push(...tasks.map((task, index) => ({ type: 'task' as const, seq: places.of(row, index + 1), task })));
      }
      return { messages: messages.filter(({ seq }) => seq > place), upTo: places.after(last), more: last < endRow };
    },
    beat: (seq) => ({ type: 'clock', seq, countyMs: clock.nowMs(), wallMs: wallNowMs(), speed: clock.speed }),
    startSeq: async () => places.after(await feedSeq(ledger)),
    async mayResume(place) {
      const end = await feedSeq(ledger);
      return place <= places.after(end) && end - places.rowOf(place) <= BEHIND_MAX;
    },
  });
}

async function load({ ledger }: Context, row: number): Promise<Shared> {
  const rows = await readFeed(ledger, row, BATCH_ROWS);
  const units = new Map<string, Set<string>>();
  for (const { incidentId, unit } of await tasksOf(ledger, [...new Set(rows.map((entry) => entry.incidentId))])) {
    const known = units.get(incidentId);
    if (known === undefined) units.set(incidentId, new Set([unit]));
    else known.add(unit);
  }
  return { rows, units };
}
