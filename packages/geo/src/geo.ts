import type { County, UnitOption } from '@skyeye/contracts';
import { assert } from '@skyeye/foundation';
import { distanceM, pointInRing, type Place } from './plane.ts';
import { teamOnShift, unitOnShift, type UnitKind } from './shifts.ts';

/** Speeds with traffic lights, alleys and looking for the door included; a road is longer than the straight line by the factor. */
export const URBAN_SPEED_M_PER_MIN = 400;
export const RURAL_SPEED_M_PER_MIN = 650;
export const ROAD_FACTOR = 1.3;
/** From the push to the moment the unit moves. */
export const START_MIN = 1;

export interface Located {
  /** Null outside the county. */
  readonly town: County['towns'][number] | null;
  readonly station: County['stations'][number] | null;
  /** Nearest of the town, whatever the distance. */
  readonly community: County['communities'][number] | null;
  readonly grid: County['grids'][number] | null;
  /** The first fence that contains the place. */
  readonly fence: County['fences'][number] | null;
}

export interface UnitsQuery {
  /** Tasks that a unit has in hand; 0 for all when left out. */
  readonly busy?: (unitCode: string) => number;
  /** How many to return, nearest first. Default 12. */
  readonly limit?: number;
  readonly kinds?: readonly UnitKind[];
}

export interface Unit extends Place {
  readonly code: string;
  readonly name: string;
  readonly kind: UnitKind;
  /** Code of the police station it belongs to. */
  readonly station: string;
}

/** Questions about one county. Everything is an in-memory scan: at most a few hundred distances per question. */
export interface Geo {
  readonly county: County;
  locate(lon: number, lat: number): Located;
  /** All stations, community officers, teams and grid workers. Officers carry the code of their community. */
  readonly units: readonly Unit[];
  unit(kind: UnitKind, code: string): Unit | undefined;
  /** Nearest first by estimated minutes; those off shift come after those on shift. */
  unitsNear(place: Place, nowMs: number, query?: UnitsQuery): UnitOption[];
  onShift(unit: Unit, nowMs: number): boolean;
  /** Estimated minutes from a unit to the place, to a tenth. */
  etaMin(from: Place, to: Place): number;
}

const first = <T>(list: readonly T[], test: (entry: T) => boolean): T | null => list.find(test) ?? null;

function nearest<T extends Place>(place: Place, list: readonly T[]): T | null {
  let best: T | null = null;
  let leastM = Infinity;
  for (const entry of list) {
    const metres = distanceM(place, entry);
    if (metres < leastM) [best, leastM] = [entry, metres];
  }
  return best;
}

/** @throws AssertionError when the county file names a station, town or community that it does not have */
export function createGeo(county: County): Geo {
  const stationOfTown = new Map(county.towns.map((town) => [town.code, town.station]));
  const townOfCommunity = new Map(county.communities.map((community) => [community.code, community.town]));
  const stations = new Set(county.stations.map((station) => station.code));
  const communities = new Set(county.communities.map((community) => community.code));
  for (const town of county.towns)
    assert(stations.has(town.station), `town ${town.code} names the station ${town.station}, which is not in the county file`);
  for (const community of county.communities)
    assert(
      stationOfTown.has(community.town),
      `community ${community.code} names the town ${community.town}, which is not in the county file`,
    );
  for (const grid of county.grids)
    assert(communities.has(grid.community), `grid ${grid.code} names the community ${grid.community}, which is not in the county file`);
  for (const team of county.teams)
    assert(stations.has(team.station), `team ${team.code} names the station ${team.station}, which is not in the county file`);
  const stationOfCommunity = (code: string): string => stationOfTown.get(townOfCommunity.get(code) ?? '') ?? '';
  const units: readonly Unit[] = [
    ...county.stations.map((s) => ({ code: s.code, name: s.name, kind: 'station' as const, station: s.code, lon: s.lon, lat: s.lat })),
    ...county.communities.map((c) => ({
      code: c.code,
      name: `${c.name}民警`,
      kind: 'officer' as const,
      station: stationOfCommunity(c.code),
      lon: c.lon,
      lat: c.lat,
    })),
    ...county.teams.map((t) => ({ code: t.code, name: t.name, kind: 'team' as const, station: t.station, lon: t.lon, lat: t.lat })),
    ...county.grids.map((g) => ({
      code: g.code,
      name: g.name,
      kind: 'grid' as const,
      station: stationOfCommunity(g.community),
      lon: g.lon,
      lat: g.lat,
    })),
  ];
  const byKey = new Map(units.map((unit) => [`${unit.kind}:${unit.code}`, unit]));
  const teams = new Map(county.teams.map((team) => [team.code, team]));

  const locate = (lon: number, lat: number): Located => {
    const place = { lon, lat };
    const town = first(county.towns, (entry) => pointInRing(place, entry.border));
    const fence = first(county.fences, (entry) => pointInRing(place, entry.border));
    if (town === null) return { town, station: null, community: null, grid: null, fence };
    const community = nearest(
      place,
      county.communities.filter((entry) => entry.town === town.code),
    );
    return {
      town,
      station: first(county.stations, (entry) => entry.code === town.station),
      community,
      grid:
        community === null
          ? null
          : nearest(
              place,
              county.grids.filter((entry) => entry.community === community.code),
            ),
      fence,
    };
  };
  const urbanAt = (place: Place): boolean => first(county.towns, (town) => pointInRing(place, town.border))?.urban ?? false;
  const minutes = (metres: number, urban: boolean): number =>
    Math.round((START_MIN + (metres * ROAD_FACTOR) / (urban ? URBAN_SPEED_M_PER_MIN : RURAL_SPEED_M_PER_MIN)) * 10) / 10;
  const onShift = (unit: Unit, nowMs: number): boolean => {
    if (unit.kind !== 'team') return unitOnShift(unit.kind, nowMs);
    const team = teams.get(unit.code);
    return team !== undefined && teamOnShift(team, nowMs);
  };

  return {
    county,
    locate,
    units,
    unit: (kind, code) => byKey.get(`${kind}:${code}`),
    onShift,
    etaMin: (from, to) => minutes(distanceM(from, to), urbanAt(to)),
    unitsNear(place, nowMs, { busy = () => 0, limit = 12, kinds } = {}) {
      const urban = urbanAt(place);
      const options: UnitOption[] = [];
      for (const unit of units) {
        if (kinds !== undefined && !kinds.includes(unit.kind)) continue;
        const metres = distanceM(place, unit);
        options.push({
          code: unit.code,
          name: unit.name,
          kind: unit.kind,
          lon: unit.lon,
          lat: unit.lat,
          distanceM: Math.round(metres),
          etaMin: minutes(metres, urban),
          onShift: onShift(unit, nowMs),
          busy: busy(unit.code),
        });
      }
      options.sort((a, b) => Number(b.onShift) - Number(a.onShift) || a.etaMin - b.etaMin || (a.code < b.code ? -1 : 1));
      return options.slice(0, limit);
    },
  };
}
