import type { Sharing, Way } from '../fast/sharing.ts';

/**
 * What a part of a formula costs the compiled engine, nanoseconds for each evaluation on one core of 2024: the order of
 * magnitude, for comparing features with each other. `pnpm feature plan <id> --measure` measures on the machine at hand.
 */
export const WAY_NS: Readonly<Record<Way, number>> = { bit: 5, walk: 60, gather: 250, sequence: 200, graph: 2000 };

export interface Cost {
  /** If this feature were alone. */
  readonly aloneNs: number;
  /** What it adds, when the parts it shares are paid for by all who have them. */
  readonly sharedNs: number;
}

/** Estimated cost of one evaluation of a feature in a plan. */
export function costOf(id: string, { parts }: Sharing): Cost {
  const own = parts.filter(({ features }) => features.includes(id));
  return {
    aloneNs: own.reduce((sum, { way }) => sum + WAY_NS[way], 0),
    sharedNs: own.reduce((sum, { way, features }) => sum + WAY_NS[way] / features.length, 0),
  };
}
