import { wilson, type Share } from './statistics.ts';

/** A resident for whom nothing may be decided by group, and of whom we therefore must know what was decided. */
export interface Treated {
  /** Attribute → group, e.g. age → '60 and over'. */
  readonly groups: Readonly<Record<string, string>>;
  /** Reached P1 or P2. */
  readonly alerted: boolean;
  /** What was found or filed; null when nothing is known. */
  readonly fraud: boolean | null;
}

export interface FairnessRow {
  readonly by: string;
  readonly group: string;
  readonly persons: number;
  readonly alerted: number;
  /** Of those alerted and coded, the share that was none. */
  readonly falseShare: Share;
  /** Of those known to be defrauded, the share that had been alerted. */
  readonly foundShare: Share;
  /** Its false share, or what it is missed by, lies outside the interval of all others of the attribute. */
  readonly differs: boolean;
}

const CODED_MIN = 10;

/** Disturbed for nothing and missed, by group. Ethnicity and religion are in no schema and so in no table. Cost: linear. */
export function fairnessOf(treated: readonly Treated[]): FairnessRow[] {
  const bys = [...new Set(treated.flatMap(({ groups }) => Object.keys(groups)))].toSorted();
  return bys.flatMap((by) => {
    const parts = Map.groupBy(treated, ({ groups }) => groups[by] ?? 'unknown');
    return [...parts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, own]) => {
        const others = treated.filter((one) => (one.groups[by] ?? 'unknown') !== group);
        const row = { falseShare: falseOf(own), foundShare: foundOf(own) };
        return {
          by,
          group,
          persons: own.length,
          alerted: own.filter(({ alerted }) => alerted).length,
          ...row,
          differs: apart(row.falseShare, falseOf(others)) || apart(row.foundShare, foundOf(others)),
        };
      });
  });
}

const falseOf = (list: readonly Treated[]): Share => {
  const coded = list.filter(({ alerted, fraud }) => alerted && fraud !== null);
  return wilson(coded.filter(({ fraud }) => fraud === false).length, coded.length);
};
const foundOf = (list: readonly Treated[]): Share => {
  const victims = list.filter(({ fraud }) => fraud === true);
  return wilson(victims.filter(({ alerted }) => alerted).length, victims.length);
};
const apart = (a: Share, b: Share): boolean => a.of >= CODED_MIN && b.of >= CODED_MIN && (a.low > b.high || a.high < b.low);
