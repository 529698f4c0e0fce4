import { fillReason, type Catalogue } from '@skyeye/catalogue';
import type { Assessment, Bilingual, Level } from '@skyeye/contracts';
import type { Said } from './person-state.ts';
import type { Weighed } from './rule-score.ts';

const RANK: Readonly<Record<Level, number>> = { P1: 4, P2: 3, P3: 2, P4: 1 };
const NAMED_MAX = 3;

/**
 * What a new assessment does to what was said before: it raises it, or, where a correction took evidence back, corrects or
 * withdraws it, with the reason. Null when it does neither; evidence that grows old takes nothing back. A person may be
 * corrected by some records and stand by others: withdrawn is only who has no level left.
 */
export function changeOf(
  said: Said | null,
  { level, reasons }: { readonly level: Level | null; readonly reasons: readonly Weighed[] },
  { retracted, catalogue }: { readonly retracted: readonly string[]; readonly catalogue: Catalogue },
): NonNullable<Assessment['change']> | null {
  if (said === null) return null;
  const from = said.level;
  if (level !== null && RANK[level] > RANK[from]) {
    const [first] = reasons;
    if (first === undefined) return null;
    return { kind: 'raised', from, because: fillReason(first.feature.fires.reason, first.signal.value, first.feature.unit) };
  }
  const because = takenBack(retracted, catalogue);
  if (because === null) return null;
  if (level === null) return { kind: 'withdrawn', from, because };
  return RANK[level] < RANK[from] ? { kind: 'corrected', from, because } : null;
}

/** Mitigation that was taken back is none of what spoke against the person. */
function takenBack(retracted: readonly string[], { byId }: Catalogue): Bilingual | null {
  const names = retracted.flatMap((id) => {
    const feature = byId.get(id);
    return feature === undefined || feature.fires.weight <= 0 ? [] : [feature.name];
  });
  if (names.length === 0) return null;
  const [first, more] = [names.slice(0, NAMED_MAX), names.length - NAMED_MAX];
  return {
    zh: `后到记录更正,以下依据不成立:${first.map(({ zh }) => zh).join('、')}${more > 0 ? `等${names.length}项` : ''}`,
    en: `a later record shows that this had not been: ${first.map(({ en }) => en).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  };
}
