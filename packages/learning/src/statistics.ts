/** Of an ascending or unsorted list; NaN for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** A share with its 95 % interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Of how many, effectively. */
  readonly of: number;
}

const Z95 = 1.959964;

/** Wilson's interval of a share: holds with few cases and at 0 and 1, too. `of` need not be whole. NaN for none. */
export function wilson(hits: number, of: number): Share {
  if (of <= 0) return { value: Number.NaN, low: 0, high: 1, of: 0 };
  const p = hits / of;
  const z2 = Z95 * Z95;
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z95 * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of))) / (1 + z2 / of);
  return { value: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half), of };
}

/** Deviation that outliers do not move: 1.4826 · median of the distances from the median. */
export function robustDeviation(values: readonly number[]): number {
  const centre = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}
