import type { County, Incident } from '@skyeye/contracts';
import Feature from 'ol/Feature.js';
import Circle from 'ol/geom/Circle.js';
import type Geometry from 'ol/geom/Geometry.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import { fromLonLat } from 'ol/proj.js';
import type Style from 'ol/style/Style.js';
import { shadeOf } from '../queue/order.ts';
import type { MapStyles } from './map-styles.ts';

type Pair = readonly [number, number];
const at = ([lon, lat]: Pair): number[] => fromLonLat([lon, lat]);

function dressed(geometry: Geometry, style: Style): Feature {
  const feature = new Feature(geometry);
  feature.setStyle(style);
  return feature;
}

/** The ground: towns, roads, fences, stations, teams. Labels of stations and teams only where there is room for them. */
export function groundFeatures(county: County, styles: MapStyles, english: boolean, detailed: boolean): Feature[] {
  const named = (one: { readonly name: string; readonly nameEn: string }): string => (english ? one.nameEn : one.name);
  return [
    ...county.towns.map((town) => dressed(new Polygon([town.border.map(at)]), styles.town(named(town)))),
    ...county.roads.map((road) => dressed(new LineString(road.map(at)), styles.road())),
    ...county.fences.map((fence) => dressed(new Polygon([fence.border.map(at)]), styles.fence())),
    ...county.stations.map((one) => dressed(new Point(at([one.lon, one.lat])), styles.unit('station', detailed ? named(one) : null))),
    ...county.teams.map((one) => dressed(new Point(at([one.lon, one.lat])), styles.unit('team', detailed ? named(one) : null))),
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

/** East of this share of the county a label stands left of its dot, or it would leave the map. */
const LABEL_LEFT_FROM = 0.62;

/** People under alert. `textOf` gives the label, or null where the map would be covered with them. */
export function peopleFeatures(
  rows: readonly Incident[],
  county: County,
  styles: MapStyles,
  pickedId: string | null,
  textOf: (row: Incident) => string | null,
): Feature[] {
  const lons = county.towns.flatMap((town) => town.border.map(([lon]) => lon));
  const east = Math.min(...lons) + (Math.max(...lons) - Math.min(...lons)) * LABEL_LEFT_FROM;
  return rows.flatMap((row) => {
    const place = placeOf(row, county);
    if (place === null) return [];
    const picked = row.id === pickedId;
    const shade = shadeOf(row);
    const ink = shade === 'over' ? 'soft' : shade;
    const centre = at(place.lonLat);
    const dot = dressed(new Point(centre), styles.person(ink, textOf(row), { picked, known: place.known, left: place.lonLat[0] > east }));
    dot.setId(row.id);
    if (place.radiusM <= 0 || !place.known) return [dot];
    // A metre on the ground is longer on the Mercator sheet, by the latitude.
    return [dressed(new Circle(centre, place.radiusM / Math.cos((place.lonLat[1] * Math.PI) / 180)), styles.area(ink, picked)), dot];
  });
}
