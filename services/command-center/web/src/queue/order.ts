import type { Incident, Level } from '@skyeye/contracts';

/** What the reader asked to see. */
export interface QueueFilter {
  readonly level: Level | null;
  readonly mine: boolean;
  readonly town: string | null;
  readonly search: string;
}

export const NO_FILTER: QueueFilter = { level: null, mine: false, town: null, search: '' };

export const isOpen = (row: Incident): boolean => row.state !== 'CLOSED';

const REACHED = new Set<Incident['state']>(['MET', 'RESULTED', 'FOLLOWUP', 'CLOSED']);
/** Somebody stood before the person: signing for it is behind us. */
export const isReached = (row: Incident): boolean => REACHED.has(row.state);

/**
 * The first counter: an open P1 whom nobody has met yet, or whom a meeting did not stop: still, or again, on the phone with
 * the swindler or sharing the screen, whatever the result says.
 */
export const isBeingDefrauded = (row: Incident): boolean =>
  row.level === 'P1' && isOpen(row) && (!isReached(row) || row.live.call || row.live.share);

/** The colour of a row: its level's, and a quiet one for a P1 whom somebody has reached and stopped. Red is kept for who is being defrauded now. */
export const shadeOf = (row: Incident): Level | 'over' => (row.level === 'P1' && !isBeingDefrauded(row) ? 'over' : row.level);

/** More who are being defrauded now than this, and the queue becomes a summary. */
export const SUMMARY_ABOVE_P1 = 7;

/** Least time left first; a tie goes to the graver level, then to the older incident, so that rows do not swap places. */
export function byTimeLeft(a: Incident, b: Incident): number {
  return a.lossAtMs - b.lossAtMs || a.level.localeCompare(b.level) || a.createdMs - b.createdMs || a.id.localeCompare(b.id);
}

export function matches(row: Incident, filter: QueueFilter, account: string): boolean {
  if (filter.level !== null && row.level !== filter.level) return false;
  if (filter.mine && row.signedBy !== account) return false;
  if (filter.town !== null && row.subject.town !== filter.town && row.station !== filter.town) return false;
  const wanted = filter.search.trim().toLowerCase();
  if (wanted === '') return true;
  const { subject } = row;
  return [
    row.number,
    row.why.zh,
    row.why.en,
    row.stationName,
    subject.maskedName,
    subject.maskedPhone ?? '',
    subject.communityName ?? '',
  ].some((text) => text.toLowerCase().includes(wanted));
}

/**
 * The rows to show. While a row is being worked on (`held` is the order it began with) nothing moves: known rows keep their
 * places, new ones wait and are counted.
 */
export function arrange(
  rows: readonly Incident[],
  held: readonly string[] | null,
): { readonly rows: readonly Incident[]; readonly waiting: readonly Incident[] } {
  if (held === null) return { rows: rows.filter(isOpen).sort(byTimeLeft), waiting: [] };
  const byId = new Map(rows.map((row) => [row.id, row]));
  const shown = new Set(held);
  return { rows: held.flatMap((id) => byId.get(id) ?? []), waiting: rows.filter((row) => isOpen(row) && !shown.has(row.id)) };
}

/** One district in summary mode. */
export interface Group {
  readonly station: string;
  readonly name: string;
  readonly count: number;
  readonly soonestMs: number;
  readonly atRiskFen: number;
  readonly unsigned: number;
  readonly scams: readonly string[];
}

/** Who is being defrauded now, by station, the one with the least time left first. Whom somebody met and stopped counts no more. */
export function groupByStation(rows: readonly Incident[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    if (!isBeingDefrauded(row)) continue;
    const known = groups.get(row.station) ?? {
      station: row.station,
      name: row.stationName,
      count: 0,
      soonestMs: Number.POSITIVE_INFINITY,
      atRiskFen: 0,
      unsigned: 0,
      scams: [],
    };
    groups.set(row.station, {
      ...known,
      count: known.count + 1,
      soonestMs: Math.min(known.soonestMs, row.lossAtMs),
      atRiskFen: known.atRiskFen + row.expectedLossFen,
      unsigned: known.unsigned + (row.signedMs === null ? 1 : 0),
      scams: row.scam === null || known.scams.includes(row.scam) ? known.scams : [...known.scams, row.scam],
    });
  }
  return [...groups.values()].sort((a, b) => a.soonestMs - b.soonestMs);
}
