import type { Policies } from '@skyeye/catalogue';
import type { RuleScore, Weighed } from './rule-score.ts';
import { isOffenderFeature, probabilityOf } from './rule-score.ts';

export interface Attribution {
  /** Feature → its part of the score; negative for mitigation. An offender's features have none: the score is of a victim. */
  readonly byFeature: ReadonlyMap<string, number>;
  /** The part of the model: what it adds to the rules. */
  readonly model: number;
}

/** Up to here all sets of signals are tried; above, so many orders and their reverses, drawn with a fixed seed. */
const EXACT_MAX = 8;
const ORDERS = 16;

/**
 * Who brought the score. A signal's part is what the score loses when it is removed, averaged over the orders in which the
 * signals can come (Shapley): parts and the model's add up to the score, in all orders or in the drawn ones alike. The same
 * signals give the same parts. Cost: 2^n·n for up to 8 signals, else 32·n; n is at most the features of the catalogue.
 */
export function attribute(rule: RuleScore, score: number, policies: Policies): Attribution {
  const players = rule.weighed.filter(({ feature }) => !isOffenderFeature(feature));
  const parts = players.length <= EXACT_MAX ? overSets(players, policies) : overOrders(players, policies);
  return {
    byFeature: new Map(players.map(({ feature }, at) => [feature.id, parts[at] ?? 0])),
    model: score - rule.probability,
  };
}

function overSets(players: readonly Weighed[], policies: Policies): number[] {
  const n = players.length;
  const values = Array.from({ length: 2 ** n }, (_, set) => {
    const coalition = new Coalition(policies);
    for (const [at, player] of players.entries()) if ((set & (1 << at)) !== 0) coalition.add(player);
    return coalition.value();
  });
  const sizes = values.map((_, set) => bits(set));
  const weight = Array.from({ length: n }, (_, size) => 1 / (n * choose(n - 1, size)));
  return players.map((_, at) =>
    values.reduce(
      (sum, value, set) =>
        (set & (1 << at)) === 0 ? sum + (weight[sizes[set] ?? 0] ?? 0) * ((values[set | (1 << at)] ?? 0) - value) : sum,
      0,
    ),
  );
}

function overOrders(players: readonly Weighed[], policies: Policies): number[] {
  const parts = players.map(() => 0);
  const order = players.map((_, at) => at);
  const draw = drawer();
  const walk = (indices: readonly number[]): void => {
    const coalition = new Coalition(policies);
    let before = 0;
    for (const at of indices) {
      coalition.add(players[at] as Weighed);
      const value = coalition.value();
      parts[at] = (parts[at] ?? 0) + (value - before) / (2 * ORDERS);
      before = value;
    }
  };
  for (let round = 0; round < ORDERS; round++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = draw(at + 1);
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    walk(order);
    walk(order.toReversed());
  }
  return parts;
}

/** The rules' score of some of the signals, one joining after the other. Agrees with `scoreByRules` on any of them. */
class Coalition {
  readonly #policies: Policies;
  readonly #groups = new Map<string, number>();
  #victim = 0;
  #mitigation = 0;
  #strongest = 0;

  constructor(policies: Policies) {
    this.#policies = policies;
  }

  add({ feature: { group, fires } }: Weighed): void {
    const { caps, factors, mitigation } = this.#policies;
    if (fires.weight < 0) {
      this.#mitigation += -fires.weight * mitigation.weightPoints;
      return;
    }
    const wanted = fires.weight * factors[group];
    const before = this.#groups.get(group) ?? 0;
    const after = before + wanted;
    this.#groups.set(group, after);
    this.#victim += Math.min(after, caps[group]) - Math.min(before, caps[group]);
    // Strong signals are counted before weaker ones, so that the first of a group always has its points in full.
    if (fires.weight === 3) this.#strongest = Math.max(this.#strongest, Math.min(wanted, caps[group]));
  }

  value(): number {
    const taken = Math.min(this.#mitigation, this.#policies.mitigation.shareMax * this.#victim);
    return probabilityOf(Math.max(this.#strongest, this.#victim - taken), this.#policies);
  }
}

/** Whole numbers below a bound from a fixed seed: the orders must be the same wherever an event is scored. */
function drawer(): (below: number) => number {
  let state = 0x9e3779b9;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let at = 1; at <= k; at++) ways = (ways * (n - k + at)) / at;
  return ways;
}
