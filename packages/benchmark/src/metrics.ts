/** Predictions of one test period with what they are judged by, row by row. */
export interface Judged {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  /** Number of the card (payer) of each row. */
  readonly cards: ArrayLike<number>;
  /** Number of the day of each row. */
  readonly days: ArrayLike<number>;
}

const descending = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: scores.length }, (_, index) => index).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);

/** Area under the ROC curve; rows of one score count half. NaN without both labels. Cost: a sort. */
export function aucRoc({ scores, labels }: Pick<Judged, 'scores' | 'labels'>): number {
  const order = descending(scores);
  let [area, frauds, genuine] = [0, 0, 0];
  for (let at = 0; at < order.length;) {
    let [tied, tiedFrauds] = [0, 0];
    const score = scores[order[at] as number];
    for (; at < order.length && scores[order[at] as number] === score; at++) {
      tied += 1;
      tiedFrauds += labels[order[at] as number] as number;
    }
    area += (tied - tiedFrauds) * (frauds + tiedFrauds / 2);
    frauds += tiedFrauds;
    genuine += tied - tiedFrauds;
  }
  return area / (frauds * genuine);
}

/** Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds, not interpolated, as scikit-learn's average_precision_score. NaN without fraud. */
export function averagePrecision({ scores, labels }: Pick<Judged, 'scores' | 'labels'>): number {
  const order = descending(scores);
  let [sum, frauds] = [0, 0];
  for (let at = 0; at < order.length;) {
    let tiedFrauds = 0;
    const score = scores[order[at] as number];
    for (; at < order.length && scores[order[at] as number] === score; at++) tiedFrauds += labels[order[at] as number] as number;
    frauds += tiedFrauds;
    sum += (tiedFrauds * frauds) / at;
  }
  return sum / frauds;
}

export interface CardPrecision {
  readonly mean: number;
  readonly perDay: readonly number[];
  /** Defrauded cards of each day that were still looked for: what the best ranking could find. */
  readonly defraudedPerDay: readonly number[];
}

/**
 * The Handbook's card precision top-k: each day the cards are ranked by their highest score, the first k are looked at, and
 * the share of k that had any fraud that day is its precision. Cards found are left out on later days. Cards of one score
 * stand in the order of their numbers.
 */
export function cardPrecision({ scores, labels, cards, days }: Judged, k: number): CardPrecision {
  const byDay = Map.groupBy(
    Array.from({ length: scores.length }, (_, row) => row),
    (row) => days[row] as number,
  );
  const found = new Set<number>();
  const perDay: number[] = [];
  const defraudedPerDay: number[] = [];
  for (const day of [...byDay.keys()].sort((a, b) => a - b)) {
    const seen = new Map<number, { card: number; score: number; fraud: number }>();
    for (const row of byDay.get(day) ?? []) {
      const card = cards[row] as number;
      if (found.has(card)) continue;
      const entry = seen.get(card) ?? { card, score: -Infinity, fraud: 0 };
      entry.score = Math.max(entry.score, scores[row] as number);
      entry.fraud = Math.max(entry.fraud, labels[row] as number);
      seen.set(card, entry);
    }
    const ranked = [...seen.values()].sort((a, b) => b.score - a.score || a.card - b.card);
    const hits = ranked.slice(0, k).filter(({ fraud }) => fraud === 1);
    for (const { card } of hits) found.add(card);
    perDay.push(hits.length / k);
    defraudedPerDay.push(ranked.filter(({ fraud }) => fraud === 1).length);
  }
  return { mean: meanOf(perDay), perDay, defraudedPerDay };
}

export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Population standard deviation, as numpy's. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}
