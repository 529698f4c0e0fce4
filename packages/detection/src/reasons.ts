import { fillReason, type Policies } from '@skyeye/catalogue';
import type { Assessment, Reason } from '@skyeye/contracts';
import { attribute } from './attribution.ts';
import type { RuleScore, Weighed } from './rule-score.ts';

/** Groups that colour a picture but do not make one: amounts and attributes come last. */
const BACKGROUND = new Set(['G', 'J']);
const FIRST = 3;
const MOST = 5;
/** A fourth and a fifth reason are given only when each brings so much of the score. */
const MORE_SHARE_MIN = 0.1;

/** The three strongest, strongest first. Two of one group only when nothing else is there, so that a reader sees a call, a
 * screen and a payment and not the same call three times. */
export function strongest(weighed: readonly Weighed[]): Weighed[] {
  return take(ranked(weighed), FIRST, []).toSorted((a, b) => rank(b) - rank(a));
}

/**
 * What decided, in words: the three strongest, and up to two more that each bring a tenth of the score; with the part of the
 * score that each brings, and in `rest` the part that none of them does. Parts and rest add up to the score. Of an offender the
 * parts are shares of the points: the score speaks of a victim.
 */
export function reasonsOf(
  rule: RuleScore,
  { chosen, score, offender, policies }: { chosen: readonly Weighed[]; score: number; offender: boolean; policies: Policies },
): { readonly reasons: Reason[]; readonly rest?: NonNullable<Assessment['rest']> } {
  if (offender) {
    const total = chosen.reduce((sum, { points }) => sum + points, 0);
    return { reasons: chosen.map((entry) => reason(entry, total === 0 ? 0 : entry.points / total)) };
  }
  const { byFeature, model } = attribute(rule, score, policies);
  const partOf = ({ feature }: Weighed): number => byFeature.get(feature.id) ?? 0;
  const more = ranked(rule.weighed).filter(
    (entry) => byFeature.has(entry.feature.id) && !chosen.includes(entry) && partOf(entry) >= MORE_SHARE_MIN * score,
  );
  const all = [...chosen, ...take(more, MOST - chosen.length, chosen)];
  const carried = all.reduce((sum, entry) => sum + partOf(entry), 0);
  return { reasons: all.map((entry) => reason(entry, partOf(entry))), rest: { model, signals: score - model - carried } };
}

function reason({ signal, feature }: Weighed, contribution: number): Reason {
  return {
    feature: feature.id,
    says: fillReason(feature.fires.reason, signal.value, feature.unit),
    contribution,
    value: signal.value,
    evidence: signal.firedId === null ? [] : [signal.firedId],
    ...(signal.approximate === undefined ? {} : { approximate: signal.approximate }),
  };
}

function ranked(weighed: readonly Weighed[]): Weighed[] {
  return weighed
    .filter(({ feature }) => feature.fires.weight > 0)
    .toSorted((a, b) => rank(b) - rank(a) || b.signal.firedMs - a.signal.firedMs || a.feature.order - b.feature.order);
}

/** So many of the ranked, of groups not yet there first. */
function take(from: readonly Weighed[], count: number, there: readonly Weighed[]): Weighed[] {
  const chosen: Weighed[] = [];
  for (const perGroup of [1, 2, 3]) {
    for (const entry of from) {
      if (chosen.length >= count) break;
      const same = [...there, ...chosen].filter(({ feature }) => feature.group === entry.feature.group).length;
      if (!chosen.includes(entry) && same < perGroup) chosen.push(entry);
    }
  }
  return chosen;
}

/** Weight first; what happens now before what was; type-specific sequences before single facts. */
function rank({ feature, signal }: Weighed): number {
  const background = BACKGROUND.has(feature.group) ? -2 : 0;
  const sequence = feature.group === 'L' || feature.group === 'M' ? 1 : 0;
  const now =
    signal.stillFires &&
    (feature.id === 'call_unk_active_s' || feature.id === 'rctl_share_on_now' || feature.id === 'x_call_open_at_transfer')
      ? 1.5
      : 0;
  return feature.fires.weight + sequence + background + now;
}
