import type { County, Incident } from '@skyeye/contracts';
import Feature from 'ol/Feature.js';
import Circle from 'ol/geom/Circle.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import { fromLonLat } from 'ol/proj.js';
import { areaStyle, fenceStyle, personStyle, roadStyle, stationStyle, teamStyle, townStyle } from './map-styles.ts';

type Pair = readonly [number, number];
const at = ([lon, lat]: Pair): number[] => fromLonLat([lon, lat]);

/** The ground: towns, roads, fences, stations, teams. Labels of stations and teams only where there is room for them. */
export function groundFeatures(county: County, english: boolean, detailed: boolean): Feature[] {
  const dressed = <T extends Feature>(feature: T, style: ReturnType<typeof roadStyle>): T => {
    feature.setStyle(style);
    return feature;
  };
  return [
    ...county.towns.map((town) => dressed(new Feature(new Polygon([town.border.map(at)])), townStyle(english ? town.nameEn : town.name))),
    ...county.roads.map((road) => dressed(new Feature(new LineString(road.map(at))), roadStyle())),
    ...county.fences.map((fence) => dressed(new Feature(new Polygon([fence.border.map(at)])), fenceStyle())),
    ...county.stations.map((station) =>
      dressed(
        new Feature(new Point(at([station.lon, station.lat]))),
        stationStyle(detailed ? (english ? station.nameEn : station.name) : null),
      ),
    ),
    ...county.teams.map((team) =>
      dressed(new Feature(new Point(at([team.lon, team.lat]))), teamStyle(detailed ? (english ? team.nameEn : team.name) : null)),
    ),
  ];
}

/** Where the person is taken to be: the last position, else the community of residence, drawn hollow. */
export function placeOf(
  row: Incident,
  county: County,
): { readonly lonLat: Pair; readonly radiusM: number; readonly known: boolean } | null {
  const { position, community } = row.subject;
  if (position !== null) return { lonLat: [position.lon, position.lat], radiusM: position.radiusM, known: true };
  const home = county.communities.find(({ code }) => code === community);
  return home === undefined ? null : { lonLat: [home.lon, home.lat], radiusM: home.radiusM, known: false };
}

/** People under alert. `textOf` gives the label, or null where the map would be covered with them. */
export function peopleFeatures(
  rows: readonly Incident[],
  county: County,
  pickedId: string | null,
  textOf: (row: Incident) => string | null,
): Feature[] {
  return rows.flatMap((row) => {
    const place = placeOf(row, county);
    if (place === null) return [];
    const picked = row.id === pickedId;
    const centre = at(place.lonLat);
    const dot = new Feature(new Point(centre));
    dot.setId(row.id);
    dot.setStyle(personStyle(row.level, textOf(row), picked, place.known));
    if (place.radiusM <= 0 || !place.known) return [dot];
    // A metre on the ground is longer on the Mercator sheet, by the latitude.
    const area = new Feature(new Circle(centre, place.radiusM / Math.cos((place.lonLat[1] * Math.PI) / 180)));
    area.setStyle(areaStyle(row.level, picked));
    return [area, dot];
  });
}
