/** Upper bounds of a Prometheus histogram and how many lie below each. */
export type Buckets = readonly { readonly upTo: number; readonly count: number }[];

export function histogram(text: string, name: string): Buckets {
  return [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"[^}]*\\} (\\d+)`, 'gm'))].map(([, upTo = '', count = '0']) => ({
    upTo: upTo === '+Inf' ? Infinity : Number(upTo),
    count: Number(count),
  }));
}

/** What was observed between two looks at a histogram: what a start had to catch up on is not what a running system does. */
export function since(before: Buckets, after: Buckets): Buckets {
  const known = new Map(before.map(({ upTo, count }) => [upTo, count]));
  return after.map(({ upTo, count }) => ({ upTo, count: count - (known.get(upTo) ?? 0) }));
}

export const countOf = (buckets: Buckets): number => buckets.at(-1)?.count ?? 0;

/** The value below which a share lies, linear within its bucket; the last finite bound for what is above all. */
export function quantile(buckets: Buckets, share: number): number {
  const wanted = share * countOf(buckets);
  let [below, from] = [0, 0];
  for (const { upTo, count } of buckets) {
    if (count >= wanted && count > below) return upTo === Infinity ? from : from + ((upTo - from) * (wanted - below)) / (count - below);
    [below, from] = [count, upTo];
  }
  return 0;
}

/** Sum of a counter over its labels. */
export const counter = (text: string, name: string): number =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
