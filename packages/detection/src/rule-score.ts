import type { Scam } from '@skyeye/contracts';
import type { Catalogue, Feature, GroupCode, Policies } from '@skyeye/catalogue';
import type { Signal } from './signal.ts';

/** A live signal with its feature and what it brings to the sum. */
export interface Weighed {
  readonly signal: Signal;
  readonly feature: Feature;
  /** Points after the cap of its group; negative for mitigation. */
  readonly points: number;
}

export interface RuleScore {
  /** Points that speak for this person being defrauded, mitigation taken off. */
  readonly points: number;
  /** Points that speak for this person, or the line, working for scammers. */
  readonly offenderPoints: number;
  /** 0..1, from the points alone. */
  readonly probability: number;
  readonly weighed: readonly Weighed[];
  /** The victim's scam type that the weights name; null when they name none. */
  readonly scam: Scam | null;
}

/** Types whose features describe an offender's account or line, not a victim. */
const OFFENDER: ReadonlySet<Scam> = new Set<Scam>(['mule_ring', 'scam_caller']);
/** Below this sum of type-specific points the type is not named. */
const SCAM_POINTS_MIN = 4;

export function isOffenderFeature({ scams }: Pick<Feature, 'scams'>): boolean {
  return scams !== 'all' && scams.every((scam) => OFFENDER.has(scam));
}

/** Live at a time: fired within the memory; mitigation only while its newest evaluation still fires. */
export function isLive(signal: Signal, feature: Feature, nowMs: number, memoryMs: number): boolean {
  if (signal.firedMs > nowMs || nowMs - signal.firedMs >= memoryMs) return false;
  return feature.fires.weight > 0 || signal.stillFires;
}

/**
 * The additive score of the first rules. One feature counts once, whatever keys it fired for. Pure; cost linear in signals.
 */
export function scoreByRules(
  signals: Iterable<Signal>,
  { catalogue, policies, nowMs }: { catalogue: Catalogue; policies: Policies; nowMs: number },
): RuleScore {
  const newest = new Map<string, { signal: Signal; feature: Feature }>();
  for (const signal of signals) {
    const feature = catalogue.byId.get(signal.feature);
    if (feature === undefined || !isLive(signal, feature, nowMs, policies.memoryMs)) continue;
    const known = newest.get(signal.feature);
    if (known === undefined || isNewer(signal, known.signal)) newest.set(signal.feature, { signal, feature });
  }
  const ordered = [...newest.values()].toSorted(
    (a, b) => b.feature.fires.weight - a.feature.fires.weight || a.feature.order - b.feature.order,
  );
  const used = new Map<string, number>();
  const weighed: Weighed[] = [];
  let [victim, offender, mitigation, strongest] = [0, 0, 0, 0];
  for (const { signal, feature } of ordered) {
    const { weight } = feature.fires;
    if (weight < 0) {
      mitigation += -weight * policies.mitigation.weightPoints;
      weighed.push({ signal, feature, points: weight * policies.mitigation.weightPoints });
      continue;
    }
    const against = isOffenderFeature(feature);
    const points = capped(
      used,
      `${against ? 'offender' : 'victim'}/${feature.group}`,
      weight * factor(policies, feature.group),
      policies.caps[feature.group],
    );
    weighed.push({ signal, feature, points });
    if (against) offender += points;
    else {
      victim += points;
      if (weight === 3) strongest = Math.max(strongest, points);
    }
  }
  const points = Math.max(strongest, victim - Math.min(mitigation, policies.mitigation.shareMax * victim));
  return { points, offenderPoints: offender, probability: probabilityOf(points, policies), weighed, scam: namedScam(weighed, catalogue) };
}

const factor = (policies: Policies, group: GroupCode): number => policies.factors[group];

function isNewer(a: Signal, b: Signal): boolean {
  return a.firedMs > b.firedMs || (a.firedMs === b.firedMs && a.key > b.key);
}

function capped(used: Map<string, number>, name: string, wanted: number, cap: number): number {
  const before = used.get(name) ?? 0;
  const points = Math.min(wanted, Math.max(0, cap - before));
  used.set(name, before + points);
  return points;
}

/** Points of a victim → 0..1. */
export function probabilityOf(points: number, { logistic: { even, width } }: Policies): number {
  return points === 0 ? 0 : 1 / (1 + Math.exp(-(points - even) / width));
}

/** A feature speaks for a type the more, the fewer types it speaks for. Of equals, the type with fewer features of its own. */
function namedScam(weighed: readonly Weighed[], catalogue: Catalogue): Scam | null {
  const sums = new Map<Scam, number>();
  for (const { feature } of weighed) {
    if (feature.scams === 'all' || feature.fires.weight < 0) continue;
    for (const scam of feature.scams) {
      if (!OFFENDER.has(scam))
        sums.set(scam, (sums.get(scam) ?? 0) + (feature.fires.weight * (feature.group === 'M' ? 2 : 1)) / Math.sqrt(feature.scams.length));
    }
  }
  const named = [...sums]
    .filter(([, sum]) => sum >= SCAM_POINTS_MIN)
    .toSorted(([a, x], [b, y]) => y - x || featuresOf(catalogue, a) - featuresOf(catalogue, b));
  return named[0]?.[0] ?? null;
}

function featuresOf({ features }: Catalogue, scam: Scam): number {
  return features.filter(({ scams }) => scams !== 'all' && scams.includes(scam)).length;
}
