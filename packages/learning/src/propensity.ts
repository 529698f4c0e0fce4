import { wilson, type Share } from './statistics.ts';

/** An incident, as estimates see it. */
export interface Visited {
  /** P1 or P2 by the machine: visited without being drawn. */
  readonly above: boolean;
  /** Chance with which it was to be visited; 0 for one below the bar that could not be drawn. */
  readonly chance: number;
  /** Drawn, or above. */
  readonly chosen: boolean;
  /** What was found; null when nobody was met, or nothing is coded yet. */
  readonly fraud: boolean | null;
  /** Told apart when nobody is met: the chance to be met may differ between them. */
  readonly stratum: string;
}

export interface Estimates {
  /** Share of frauds among coded results of P1 and P2 (DOMAIN's 预警准确率). */
  readonly precision: Share;
  /** The same with those that nobody met weighed in by stratum. */
  readonly precisionWeighed: Share;
  /** Frauds among everything coded below the bar, as it is: those who answered or complained. Biased, to be seen beside. */
  readonly belowNaive: Share;
  /** Share of frauds below the bar, by inverse propensity. */
  readonly below: Share;
  /** Frauds below the bar, in all, and those found above it. */
  readonly fraudsBelow: { readonly value: number; readonly low: number; readonly high: number };
  readonly fraudsAbove: number;
  /** Share of all frauds that stood above the bar. */
  readonly recall: { readonly value: number; readonly low: number; readonly high: number };
  readonly drawn: number;
  readonly drawnCoded: number;
  readonly cases: number;
}

/**
 * Hájek's estimator: every coded case counts 1 / (chance to be chosen × share of its stratum that was met). Intervals are Wilson's at
 * Kish's effective number. What is not known at all is said as an interval from 0 to 1, never as 0. Cost: linear.
 */
export function estimatesOf(cases: readonly Visited[]): Estimates {
  const above = cases.filter((one) => one.above);
  const below = cases.filter((one) => !one.above);
  const drawn = below.filter(({ chosen, chance }) => chosen && chance > 0);
  const coded = (list: readonly Visited[]): Visited[] => list.filter(({ fraud }) => fraud !== null);
  const frauds = (list: readonly Visited[]): number => list.filter(({ fraud }) => fraud === true).length;
  const precision = wilson(frauds(above), coded(above).length);
  const precisionWeighed = weighed(above);
  const belowShare = weighed(drawn);
  const reachable = below.filter(({ chance }) => chance > 0).length;
  // Of those that could not be drawn nothing is known: all of them, or none.
  const scaled = (share: number): number => share * reachable;
  const fraudsBelow = {
    value: scaled(belowShare.value),
    low: scaled(belowShare.low),
    high: scaled(belowShare.high) + (below.length - reachable),
  };
  const fraudsAbove = (Number.isNaN(precisionWeighed.value) ? 0 : precisionWeighed.value) * above.length;
  const recallAt = (missed: number): number => (fraudsAbove + missed === 0 ? Number.NaN : fraudsAbove / (fraudsAbove + missed));
  return {
    precision,
    precisionWeighed,
    belowNaive: wilson(frauds(below), coded(below).length),
    below: belowShare,
    fraudsBelow,
    fraudsAbove,
    recall: { value: recallAt(fraudsBelow.value), low: recallAt(fraudsBelow.high), high: recallAt(fraudsBelow.low) },
    drawn: drawn.length,
    drawnCoded: coded(drawn).length,
    cases: cases.length,
  };
}

function weighed(list: readonly Visited[]): Share {
  const met = new Map<string, { coded: number; all: number }>();
  for (const { stratum, fraud } of list) {
    const known = met.get(stratum) ?? { coded: 0, all: 0 };
    met.set(stratum, { coded: known.coded + Number(fraud !== null), all: known.all + 1 });
  }
  let [hits, sum, squares] = [0, 0, 0];
  for (const { stratum, fraud, chance } of list) {
    if (fraud === null) continue;
    const { coded, all } = met.get(stratum) ?? { coded: 1, all: 1 };
    const weight = all / coded / Math.max(chance, 1e-9);
    hits += fraud ? weight : 0;
    sum += weight;
    squares += weight * weight;
  }
  if (sum === 0) return wilson(0, 0);
  const effective = (sum * sum) / squares;
  return wilson((hits / sum) * effective, effective);
}
