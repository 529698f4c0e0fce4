/**
 * Share of the visits that go to cases below the bar, chosen at random: without them nobody would ever learn what the bar
 * leaves out, and every label would be of a case that the machine believed in already.
 */
export const EXPLORATION_SHARE = 0.015;
/** A county with few cases does not visit every fifth of them to learn. */
const CHANCE_MAX = 0.2;
/** Before a county has a day of cases: what one of half a million has (DOMAIN §1.9), below the bar for each visit. */
const BELOW_PER_VISIT = 12;

/** Cases below the bar of the last days. */
export interface BelowBar {
  readonly cases: number;
  readonly days: number;
}

/**
 * Chance of a case below the bar to be visited, so that on average {@link EXPLORATION_SHARE} of the visits a day go to them.
 * Drawn for each case by itself (Poisson sampling), which is what makes its inverse a weight. 0 without a budget.
 */
export function explorationChance(visitsPerDay: number | null, { cases, days }: BelowBar): number {
  if (visitsPerDay === null || visitsPerDay <= 0) return 0;
  const perDay = days < 1 ? visitsPerDay * BELOW_PER_VISIT : Math.max(1, cases / days);
  return Math.min(CHANCE_MAX, (EXPLORATION_SHARE * visitsPerDay) / perDay);
}

/**
 * A number in [0, 1) from the first 48 bits of a keyed digest in hex. Of the same case always the same, so that a replay chooses
 * again whom it chose; without the key nobody can tell who will be visited.
 */
export function drawOf(digestHex: string): number {
  return Number.parseInt(digestHex.slice(0, 12), 16) / 2 ** 48;
}
