import { talkTrackFor } from '@skyeye/catalogue';
import type { ActivityLine, Counters, Incident, IncidentDetail } from '@skyeye/contracts';
import type { Geo } from '@skyeye/geo';
import {
  feedSeq,
  incidentDetail,
  incidentsById,
  listIncidents,
  nameIn,
  readCounters,
  recentActions,
  type Ledger,
  type ListIncidents,
  type MaskedText,
  type MaskTokens,
  type Queries,
  type ReadContext,
} from '@skyeye/ledger';
import { MASKED_MAX, type VaultReader } from '@skyeye/vault';
import type { Clock } from '@skyeye/foundation';
import { afterRow } from './place.ts';

/** Incidents as screens show them: rows of the ledger with the vault's masks and the county's names. */
export interface Views {
  list(filter: ListIncidents): Promise<{ incidents: Incident[]; counters: Counters; recent: ActivityLine[]; feedSeq: number }>;
  some(ids: readonly string[]): Promise<readonly Incident[]>;
  detail(id: string): Promise<IncidentDetail>;
  counters(): Promise<Counters>;
  /** What may be shown of tokens. */
  masked: MaskTokens;
}

/** What the activity panel begins with. */
const RECENT_MAX = 20;

export function createViews({
  ledger,
  vault,
  geo,
  clock,
}: {
  ledger: Ledger;
  vault: Pick<VaultReader, 'masked'>;
  geo: Geo;
  clock: Clock;
}): Views {
  const communities = new Map(geo.county.communities.map(({ code, name, town }) => [code, { name, town }]));

  const masked: MaskTokens = async (tokens) => {
    const shown = new Map<string, MaskedText>();
    for (let start = 0; start < tokens.length; start += MASKED_MAX) {
      for (const [token, text] of await vault.masked(tokens.slice(start, start + MASKED_MAX))) shown.set(token, text);
    }
    return shown;
  };
  // Grid workers follow up; they are nobody whom the desk could send to a door.
  const unitsAll = geo.units.filter(({ kind }) => kind !== 'grid').length;
  const context = (): ReadContext => ({ masked, community: (code) => communities.get(code) ?? null, nowMs: clock.nowMs() });
  const counters = (queries: Queries): Promise<Counters> => readCounters(queries, { nowMs: clock.nowMs(), unitsAll });

  const recent = async (queries: Queries, station: string | null): Promise<ActivityLine[]> => {
    const done = await recentActions(queries, { station, limit: RECENT_MAX });
    const shown = await masked([...new Set(done.map(({ person }) => person))]);
    return done.map(({ action, person }) => ({ action, subjectName: nameIn(shown, person) }));
  };

  return {
    list: (filter) =>
      ledger.read(async (snapshot) => ({
        incidents: [...(await listIncidents(snapshot, filter, context()))],
        counters: await counters(snapshot),
        recent: await recent(snapshot, filter.station ?? null),
        feedSeq: afterRow(await feedSeq(snapshot)),
      })),
    some: (ids) => (ids.length === 0 ? Promise.resolve([]) : ledger.read((snapshot) => incidentsById(snapshot, ids, context()))),
    detail: (id) => ledger.read((snapshot) => incidentDetail(snapshot, id, { ...context(), talkTrack: (scam) => talkTrackFor(scam) })),
    counters: () => counters(ledger),
    masked,
  };
}
