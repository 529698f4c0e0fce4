import { fillReason } from '@skyeye/catalogue';
import type { Reason } from '@skyeye/contracts';
import type { Weighed } from './rule-score.ts';

/** Groups that colour a picture but do not make one: amounts and attributes come last. */
const BACKGROUND = new Set(['G', 'J']);

/**
 * The three strongest reasons in words, strongest first. Two of one group only when nothing else is there, so that a
 * reader sees a call, a screen and a payment and not the same call three times.
 */
export function strongestReasons(weighed: readonly Weighed[]): Reason[] {
  const positive = weighed.filter(({ feature }) => feature.fires.weight > 0);
  const total = positive.reduce((sum, { points }) => sum + points, 0);
  const ranked = positive.toSorted((a, b) => rank(b) - rank(a) || b.signal.firedMs - a.signal.firedMs || a.feature.order - b.feature.order);
  const chosen: Weighed[] = [];
  for (const perGroup of [1, 2, 3]) {
    for (const entry of ranked) {
      if (chosen.length === 3) break;
      const same = chosen.filter(({ feature }) => feature.group === entry.feature.group).length;
      if (!chosen.includes(entry) && same < perGroup) chosen.push(entry);
    }
  }
  return chosen
    .toSorted((a, b) => rank(b) - rank(a))
    .map(({ signal, feature, points }) => ({
      feature: feature.id,
      says: fillReason(feature.fires.reason, signal.value, feature.unit),
      contribution: total === 0 ? 0 : Math.round((points / total) * 1000) / 1000,
      value: signal.value,
      evidence: signal.firedId === null ? [] : [signal.firedId],
    }));
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
