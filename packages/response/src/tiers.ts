import type { Level, Position, Tier, UnitOption } from '@skyeye/contracts';
import { distanceM, type Geo } from '@skyeye/geo';

/** What the plan asks of the county's geography; {@link Geo} answers it. */
export type Places = Pick<Geo, 'county' | 'locate' | 'unit' | 'unitsNear'>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An older position says where the person was, not where they are: then the home decides. */
export const POSITION_FRESH_MS = 30 * MINUTE;

/** Where a person is and where they live, as far as known. */
export interface Whereabouts {
  readonly position: Position | null;
  readonly home: { readonly lon: number; readonly lat: number } | null;
  readonly community: string | null;
  readonly grid: string | null;
}

export interface PlannedTask {
  readonly tier: Tier;
  readonly unit: string;
  readonly unitName: string;
  readonly dueMs: number;
  readonly etaMin: number | null;
}

export interface TierPlan {
  /** The command room that answers: of the fence or town the person is in, else where they live, else the county's first. */
  readonly station: { readonly code: string; readonly name: string };
  readonly urban: boolean;
  /** Where someone should go now. */
  readonly place: { readonly lon: number; readonly lat: number } | null;
  readonly tasks: readonly PlannedTask[];
}

/** Which tiers are told at once, by level, and how long each has. The others are told when a clock asks for them. */
export const TIERS_AT_ONCE: Readonly<Record<Level, Readonly<Partial<Record<Tier, number>>>>> = {
  P1: { station: MINUTE, officer: 5 * MINUTE, grid: 24 * HOUR },
  P2: { station: 3 * MINUTE, officer: HOUR, grid: 24 * HOUR },
  P3: { grid: 24 * HOUR },
  P4: { grid: 7 * 24 * HOUR },
};

/** The three tiers side by side, DOMAIN §1.1: who is told what, at once. */
export function planTiers(
  places: Places,
  { level, whereabouts, nowMs, only }: { level: Level; whereabouts: Whereabouts; nowMs: number; only?: readonly Tier[] },
): TierPlan {
  const { position, home, community, grid } = whereabouts;
  const seen = position !== null && nowMs - position.atMs <= POSITION_FRESH_MS ? position : null;
  // A cell that covers the home says nothing against the person being there, and the door is known better than the mast.
  const fresh = seen !== null && home !== null && distanceM(seen, home) <= seen.radiusM ? null : seen;
  const { county } = places;
  const homeCommunity = county.communities.find(({ code }) => code === community) ?? null;
  const place = fresh ?? home ?? homeCommunity ?? position;
  const here = place === null ? null : places.locate(place.lon, place.lat);
  const lives = home === null ? null : places.locate(home.lon, home.lat);
  const homeTown = county.towns.find(({ code }) => code === homeCommunity?.town) ?? lives?.town ?? null;
  const stationCode = here?.fence?.station ?? here?.station?.code ?? homeTown?.station ?? county.stations[0]?.code ?? '';
  const station = county.stations.find(({ code }) => code === stationCode) ?? county.stations[0];
  const town = here?.town ?? homeTown;
  const visitCommunity = (fresh === null ? homeCommunity : here?.community) ?? homeCommunity ?? here?.community ?? null;
  const gridCode = grid ?? lives?.grid?.code ?? here?.grid?.code ?? null;
  const asked = only ?? (['station', 'officer', 'grid'] as const).filter((tier) => TIERS_AT_ONCE[level][tier] !== undefined);
  const limit = (tier: Tier): number => nowMs + (TIERS_AT_ONCE[level][tier] ?? 24 * HOUR);
  const tasks: PlannedTask[] = [];
  if (asked.includes('station') && station !== undefined)
    tasks.push({ tier: 'station', unit: station.code, unitName: station.name, dueMs: limit('station'), etaMin: null });
  if (asked.includes('officer')) {
    const officer = visitCommunity === null ? undefined : places.unit('officer', visitCommunity.code);
    const near = place === null ? [] : places.unitsNear(place, nowMs, { kinds: ['officer', 'team'], limit: 12 });
    const own = near.find((option) => option.kind === 'officer' && option.code === officer?.code);
    if (officer !== undefined)
      tasks.push({ tier: 'officer', unit: officer.code, unitName: officer.name, dueMs: limit('officer'), etaMin: own?.etaMin ?? null });
    // First presence before the officer: the nearest team on shift, where minutes count.
    const team = level === 'P1' ? near.find((option) => option.kind === 'team' && option.onShift) : undefined;
    if (team !== undefined)
      tasks.push({ tier: 'officer', unit: team.code, unitName: team.name, dueMs: limit('officer'), etaMin: team.etaMin });
  }
  if (asked.includes('grid') && gridCode !== null) {
    const worker = places.unit('grid', gridCode);
    tasks.push({ tier: 'grid', unit: gridCode, unitName: worker?.name ?? gridCode, dueMs: limit('grid'), etaMin: null });
  }
  return {
    station: { code: station?.code ?? '', name: station?.name ?? '' },
    urban: town?.urban ?? true,
    place: place === null ? null : { lon: place.lon, lat: place.lat },
    tasks,
  };
}

/** How many units of a kind may be chosen from, the nearest of them. */
const OFFERED: Readonly<Record<UnitOption['kind'], number>> = { team: 12, officer: 5, station: 3, grid: 5 };

/** Units that could go, for the analyst's choice: on shift first, then nearest, then least busy. */
export function unitOptions(
  places: Places,
  whereabouts: Whereabouts,
  nowMs: number,
  busy: (unit: string) => number,
): readonly UnitOption[] {
  const { place } = planTiers(places, { level: 'P1', whereabouts, nowMs, only: [] });
  if (place === null) return [];
  // By kind, for a county has three hundred grids: the nearest twelve of all would hardly ever name a team.
  const options = Object.entries(OFFERED).flatMap(([kind, limit]) =>
    places.unitsNear(place, nowMs, { busy, limit, kinds: [kind as UnitOption['kind']] }),
  );
  return options.toSorted((a, b) => Number(b.onShift) - Number(a.onShift) || a.etaMin - b.etaMin || (a.code < b.code ? -1 : 1));
}
