import { median, robustDeviation } from './statistics.ts';

/** What fired for one person on one day. */
export interface PersonDay {
  readonly person: string;
  readonly day: number;
  readonly features: readonly string[];
  /** Somebody looks at the person already: an incident is open or was, so nothing here is unknown. */
  readonly known: boolean;
  /** Money that went to strangers that day, fen: of two equally rare ones the dearer is looked at first. */
  readonly outFen: number;
}

export interface Unknown {
  readonly person: string;
  readonly day: number;
  /** Robust deviations above what a person-day with signals usually has. */
  readonly z: number;
  readonly outFen: number;
  /** What is rare about it, the rarest first, with the share of person-days with signals on which it fires. */
  readonly features: readonly { readonly id: string; readonly share: number }[];
}

/** An analyst looks at so many a day at most. */
export const UNKNOWN_MAX = 20;
const Z_MIN = 3;
const SHOWN = 5;
/** Of fewer person-days nobody can say what is usual. */
const DAYS_MIN = 200;

/**
 * Person-days with a combination of signals that hardly anybody has: a scam that nobody wrote rules for looks like this before
 * it looks like anything. Rarity is −ln of the share of person-days on which a feature fires; of each group (a letter of the catalogue)
 * only its rarest counts, since features of one group fire together. At most {@link UNKNOWN_MAX} of a day, rarest first.
 * @param history person-days of before, which say what is usual; @param groupOf null leaves a feature out
 * Cost: linear in features that fired.
 */
export function unknownsOf(
  today: readonly PersonDay[],
  history: readonly PersonDay[],
  groupOf: (feature: string) => string | null,
): Unknown[] {
  const counts = new Map<string, number>();
  const all = [...history, ...today];
  if (all.length < DAYS_MIN) return [];
  for (const { features } of all) for (const id of new Set(features)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const shareOf = (id: string): number => ((counts.get(id) ?? 0) + 0.5) / (all.length + 1);
  const rarityOf = ({ features }: PersonDay): number => {
    const groups = new Map<string, number>();
    for (const id of features) {
      const group = groupOf(id);
      if (group !== null) groups.set(group, Math.max(groups.get(group) ?? 0, -Math.log(shareOf(id))));
    }
    return [...groups.values()].reduce((sum, value) => sum + value, 0);
  };
  const usual = all.map(rarityOf);
  const [centre, spread] = [median(usual), Math.max(0.5, robustDeviation(usual))];
  return today
    .filter(({ known }) => !known)
    .map((one) => ({ one, z: (rarityOf(one) - centre) / spread }))
    .filter(({ z }) => z >= Z_MIN)
    .toSorted((a, b) => b.z - a.z || b.one.outFen - a.one.outFen || (a.one.person < b.one.person ? -1 : 1))
    .slice(0, UNKNOWN_MAX)
    .map(({ one: { person, day, outFen, features }, z }) => ({
      person,
      day,
      z,
      outFen,
      features: [...new Set(features)]
        .filter((id) => groupOf(id) !== null)
        .map((id) => ({ id, share: shareOf(id) }))
        .toSorted((a, b) => a.share - b.share || (a.id < b.id ? -1 : 1))
        .slice(0, SHOWN),
    }));
}
