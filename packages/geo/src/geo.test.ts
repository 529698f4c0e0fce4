import { expect, test } from 'vitest';
import { createGeo, demoCounty, distanceM, localHour, pointInRing, teamOnShift } from './index.ts';

const geo = createGeo(demoCounty);

test('one degree of latitude is 111.2 km', () => {
  expect(distanceM({ lon: 116, lat: 36 }, { lon: 116, lat: 37 })).toBeCloseTo(111_195, -2);
});

test('the towns tile the county: a place inside the outer ring lies in exactly one of them', () => {
  let inside = 0;
  for (let lon = 116.1; lon < 116.38; lon += 0.0071) {
    for (let lat = 36.75; lat < 36.97; lat += 0.0073) {
      const towns = demoCounty.towns.filter((town) => pointInRing({ lon, lat }, town.border));
      expect(towns.length, `${lon} ${lat}`).toBe(1);
      inside++;
    }
  }
  expect(inside).toBeGreaterThan(900);
});

test('every station, community and grid lies in its own town', () => {
  for (const community of demoCounty.communities) expect(geo.locate(community.lon, community.lat).town?.code).toBe(community.town);
  for (const station of demoCounty.stations) expect(geo.locate(station.lon, station.lat).station?.code).toBe(station.code);
  expect([
    demoCounty.towns.length,
    demoCounty.stations.length,
    demoCounty.communities.length,
    demoCounty.grids.length,
    demoCounty.teams.length,
    demoCounty.banks.length,
  ]).toEqual([12, 12, 60, 240, 11, 4]);
});

test('a bank hall is inside its fence, and the fence names its station', () => {
  const branch = demoCounty.banks[0]?.branches[0];
  expect(branch).toBeDefined();
  if (branch === undefined) return;
  const located = geo.locate(branch.lon, branch.lat);
  expect(located.fence?.kind).toBe('bank');
  expect(located.fence?.station).toBe(located.station?.code);
});

test('outside the county nothing is found', () => {
  expect(geo.locate(120, 30)).toEqual({ town: null, station: null, community: null, grid: null, fence: null });
});

test('units come nearest first, those off shift last, with the hour of Shanghai', () => {
  const afternoon = Date.UTC(2026, 8, 16, 7, 0);
  expect(localHour(afternoon)).toBe(15);
  const place = { lon: demoCounty.communities[0]?.lon ?? 0, lat: demoCounty.communities[0]?.lat ?? 0 };
  const day = geo.unitsNear(place, afternoon, { busy: (code) => (code === 'RT01' ? 2 : 0) });
  expect(day[0]?.onShift).toBe(true);
  expect(day.map((unit) => unit.etaMin)).toEqual(day.map((unit) => unit.etaMin).sort((a, b) => a - b));
  const night = geo.unitsNear(place, Date.UTC(2026, 8, 16, 18, 0), { limit: 400 });
  expect(night.filter((unit) => unit.onShift).every((unit) => unit.kind === 'station')).toBe(true);
});

test('a shift over midnight holds on both sides of it', () => {
  const team = { code: 'T', name: '', nameEn: '', station: '', lon: 0, lat: 0, shifts: [{ fromHour: 22, toHour: 6, members: 2 }] };
  expect(teamOnShift(team, Date.UTC(2026, 8, 16, 15, 30))).toBe(true);
  expect(teamOnShift(team, Date.UTC(2026, 8, 16, 21, 30))).toBe(true);
  expect(teamOnShift(team, Date.UTC(2026, 8, 16, 4, 0))).toBe(false);
});

test('a county file that names a station it does not have is not taken', () => {
  const [town, ...towns] = demoCounty.towns;
  expect(town).toBeDefined();
  if (town !== undefined) expect(() => createGeo({ ...demoCounty, towns: [{ ...town, station: 'ST99' }, ...towns] })).toThrow('ST99');
});
