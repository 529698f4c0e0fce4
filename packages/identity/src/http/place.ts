/** Places of a stream made of numbered rows that become several messages each. */
export interface FeedPlaces {
  /** Place of a message of a row; slots count from 1. */
  of(row: number, slot: number): number;
  /** The place behind everything of a row. */
  after(row: number): number;
  /** The row up to which everything was seen at a place: read on after it, and skip messages up to the place. */
  rowsDone(place: number): number;
  rowOf(place: number): number;
}

/**
 * Gives every message of a row a place of its own, so that a reader who was cut off between two of them resumes exactly
 * there: place = row × (slots + 1) + slot. Good for 2^53 / (slots + 1) rows.
 */
export function feedPlaces(slots: number): FeedPlaces {
  const perRow = slots + 1;
  const rowOf = (place: number): number => Math.floor(place / perRow);
  return {
    of: (row, slot) => row * perRow + slot,
    after: (row) => row * perRow + slots,
    rowsDone: (place) => (place % perRow === slots ? rowOf(place) : Math.max(0, rowOf(place) - 1)),
    rowOf,
  };
}
