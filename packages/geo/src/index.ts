export { demoCounty } from './demo-county.ts';
export {
  createGeo,
  RURAL_SPEED_M_PER_MIN,
  ROAD_FACTOR,
  START_MIN,
  URBAN_SPEED_M_PER_MIN,
  type Geo,
  type Located,
  type Unit,
  type UnitsQuery,
} from './geo.ts';
export { distanceM, pointInRing, type Place, type Ring } from './plane.ts';
export { localHour, SHANGHAI_OFFSET_MS, teamOnShift, UNIT_HOURS, unitOnShift, type UnitKind } from './shifts.ts';
