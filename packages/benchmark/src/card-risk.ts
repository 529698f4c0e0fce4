/** What a card's earlier payments may add at most. Payments that speak for themselves keep their order above it. */
const CARRIED_MAX = 0.02;

/**
 * Scores of payments from their log-odds: the payment's own probability, and of the card's payments earlier on the same day
 * the sum of theirs, at most `CARRIED_MAX`. A card that is looked at for its day is looked at for all its payments; where
 * none of them stands out, the one with more of them is likelier to have a fraud among them. Rows are in order of time, and
 * none sees a later one.
 */
export function withCardRisk(
  odds: ArrayLike<number>,
  { cards, days }: { readonly cards: ArrayLike<number>; readonly days: ArrayLike<number> },
): Float64Array {
  const carried = new Map<number, { day: number; sum: number }>();
  return Float64Array.from({ length: odds.length }, (_, row) => {
    const probability = 1 / (1 + Math.exp(-(odds[row] as number)));
    const [card, day] = [cards[row] as number, days[row] as number];
    const before = carried.get(card);
    const sum = before?.day === day ? before.sum : 0;
    carried.set(card, { day, sum: sum + probability });
    return probability + Math.min(CARRIED_MAX, sum);
  });
}
