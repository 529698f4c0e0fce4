/**
 * One row of the feed becomes up to three messages of the stream, each with a place of its own, so that a reader that
 * was cut off between two of them resumes exactly there: place = 4 × row + slot.
 */
export const SLOTS = { notice: 1, incident: 2, counters: 3 } as const;
const PER_ROW = 4;

export const placeOf = (row: number, slot: keyof typeof SLOTS): number => row * PER_ROW + SLOTS[slot];

/** The place behind everything of a row. */
export const afterRow = (row: number): number => row * PER_ROW + SLOTS.counters;

/** The row up to which everything was seen at a place: what follows is read after it, and skipped up to the place. */
export const rowsDone = (place: number): number => (place % PER_ROW === SLOTS.counters ? Math.floor(place / PER_ROW) : Math.max(0, Math.floor(place / PER_ROW) - 1));

export const rowOf = (place: number): number => Math.floor(place / PER_ROW);
