export interface Place {
  /** Degrees. */
  readonly lon: number;
  readonly lat: number;
}

/** A closed ring of [lon, lat] pairs. */
export type Ring = readonly (readonly [number, number])[];

const EARTH_RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two places along the great circle (haversine on a sphere: within 0.5 % of the ellipsoid). */
export function distanceM(from: Place, to: Place): number {
  const dLat = radians(to.lat - from.lat);
  const dLon = radians(to.lon - from.lon);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Whether the place lies inside the ring (even-odd rule). A place on the border belongs to at most one of two neighbours. Cost: length of the ring. */
export function pointInRing(place: Place, ring: Ring): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i];
    const b = ring[j];
    if (a === undefined || b === undefined) continue;
    if (a[1] > place.lat !== b[1] > place.lat && place.lon < ((b[0] - a[0]) * (place.lat - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}
