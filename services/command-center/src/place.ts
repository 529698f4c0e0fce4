import { feedPlaces } from '@skyeye/identity';

/** A row of the feed becomes at most an action or evidence, the incident, and the counters: in this order. */
export const SLOTS = { notice: 1, incident: 2, counters: 3 } as const;
const places = feedPlaces(3);

export const placeOf = (row: number, slot: keyof typeof SLOTS): number => places.of(row, SLOTS[slot]);
export const { after: afterRow, rowsDone, rowOf } = places;
