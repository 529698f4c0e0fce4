/** Codes of an input: 0 is "not known", 1 and up are the stretches between thresholds. One byte holds them. */
export const CODES = 256;
const THRESHOLDS_MAX = CODES - 2;
/** Rows looked at for the thresholds. */
const SAMPLE_MAX = 200_000;

/** Ascending thresholds of each input: code c holds the values ≤ thresholds[c − 1] that are above the one before. */
export type Thresholds = readonly (readonly number[])[];

/**
 * Thresholds between neighbouring values of each input: all of them when they are few, else quantiles, so that each code
 * holds about as many rows. Cost: a sort for each input.
 */
export function thresholdsOf(rows: Float32Array, width: number): Thresholds {
  const count = rows.length / width;
  const step = Math.max(1, Math.floor(count / SAMPLE_MAX));
  return Array.from({ length: width }, (_, input) => {
    const known: number[] = [];
    for (let row = 0; row < count; row += step) {
      const value = rows[row * width + input] as number;
      if (value === value) known.push(value);
    }
    const sorted = Float64Array.from(known).sort();
    const values = [...new Set(sorted)];
    if (values.length <= THRESHOLDS_MAX + 1) return values.slice(0, -1).map((value, index) => between(value, values[index + 1] as number));
    const found = new Set<number>();
    for (let cut = 1; cut <= THRESHOLDS_MAX; cut++) {
      const at = Math.floor((cut * sorted.length) / (THRESHOLDS_MAX + 1));
      const above = sorted[at] as number;
      let below = at - 1;
      while (below >= 0 && sorted[below] === above) below -= 1;
      if (below >= 0) found.add(between(sorted[below] as number, above));
    }
    return [...found].sort((a, b) => a - b);
  });
}

/** A number of float32 that is ≥ low and < high, near their middle. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle < high && middle >= low ? middle : low;
}

/** The code of each cell. */
export function binned(rows: Float32Array, width: number, thresholds: Thresholds): Uint8Array {
  const codes = new Uint8Array(rows.length);
  for (let input = 0; input < width; input++) {
    const limits = Float64Array.from(thresholds[input] ?? []);
    for (let at = input; at < rows.length; at += width) {
      const value = rows[at] as number;
      if (value !== value) continue;
      let [low, high] = [0, limits.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((limits[middle] as number) < value) low = middle + 1;
        else high = middle;
      }
      codes[at] = low + 1;
    }
  }
  return codes;
}
