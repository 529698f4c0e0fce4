import type { Level, ResultCode, Scam } from '@skyeye/contracts';

/** What somebody coded about an incident (DOMAIN §1.4), or what a review of it decided. */
export interface CodedResult {
  readonly incidentId: string;
  readonly person: string;
  /** First and last moment that the incident speaks of, event time: judgements between them get the label. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** When it was coded, county time. */
  readonly atMs: number;
  /** `review`: an appeal or a leader's look at the result; it stands above what was coded before. */
  readonly kind: 'result' | 'review';
  readonly result: ResultCode;
  readonly scam: Scam | null;
  readonly level: Level;
  /** Score of the incident when it was opened, 0..1. */
  readonly score: number;
  /** Unit of whoever coded it; an account without a unit stands for itself. */
  readonly team: string;
  /** Chance with which the case was chosen to be visited; 1 for those that are visited anyway. */
  readonly chance: number;
}

/** A filed case 立案: somebody was defrauded, whether we had said so or not. */
export interface FiledCase {
  readonly person: string;
  readonly scam: Scam | null;
  readonly fromMs: number;
  readonly untilMs: number;
  /** When it was filed. */
  readonly atMs: number;
}

export interface Label {
  readonly person: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly knownMs: number;
  readonly fraud: boolean;
  readonly scam: Scam | null;
  /** How much it counts in a training; 0 < weight ≤ {@link WEIGHT_MAX}. */
  readonly weight: number;
  readonly from: 'result' | 'review' | 'case';
  readonly team: string | null;
  readonly incidentId: string | null;
}

/** What a result says: fraud, none, or nothing (nobody was found, or it was somebody else). */
export const FRAUD_BY_RESULT: Readonly<Record<ResultCode, boolean | null>> = {
  stopped_before: true,
  stopped_loss: true,
  partial_loss: true,
  refused: true,
  lost: true,
  false_alarm: false,
  not_holder: null,
  not_found: null,
};

/** Who refuses to be dissuaded may be a victim under the scammer's hand, or somebody honest who is annoyed. */
const REFUSED_WEIGHT = 0.5;
/** A rarely visited kind of case counts more, but never more than so many ordinary ones: one wrong label must not carry a leaf. */
export const WEIGHT_MAX = 5;
/** No unit gives more than this share of all weight, as long as there are five units or more. */
export const TEAM_SHARE_MAX = 0.2;
/** A case filed so long after an alert still is about what the alert saw. */
export const CASE_AFTER_MS = 7 * 86_400_000;

export interface LabelOptions {
  /** Only what was coded or filed up to here is known. */
  readonly nowMs: number;
  /** 0..1 for units whose results are not believed as they are; 1 for all others. */
  readonly trust?: ReadonlyMap<string, number>;
}

/**
 * Labels, one for each incident with a result and each case that no incident covers. Later results of an incident replace
 * earlier ones, a review stands above both, and a filed case above a result that said "false alarm". Deterministic. Cost: a sort.
 */
export function labelsOf(results: readonly CodedResult[], cases: readonly FiledCase[], { nowMs, trust }: LabelOptions): Label[] {
  const filed = Map.groupBy(
    cases.filter(({ atMs }) => atMs <= nowMs),
    ({ person }) => person,
  );
  const covered = new Set<FiledCase>();
  const own = settledOf(results, nowMs).flatMap((one): Label[] => {
    const said = FRAUD_BY_RESULT[one.result];
    const found = one.kind === 'review' ? undefined : caseOf(one, filed.get(one.person) ?? []);
    if (found !== undefined) covered.add(found);
    if (said === null && found === undefined) return [];
    const { incidentId, person, fromMs, untilMs } = one;
    const common = { incidentId, person, fromMs, untilMs };
    if (found !== undefined)
      return [
        {
          ...common,
          knownMs: Math.max(found.atMs, one.atMs),
          fraud: true,
          scam: found.scam ?? one.scam,
          weight: 1,
          from: 'case',
          team: null,
        },
      ];
    const base = one.result === 'refused' ? REFUSED_WEIGHT : 1;
    // A review was a second person's: the unit's standing does not touch it.
    const believed = one.kind === 'review' ? 1 : (trust?.get(one.team) ?? 1);
    const weight = Math.min(WEIGHT_MAX, (base * believed) / Math.max(1 / WEIGHT_MAX, one.chance));
    if (weight <= 0) return [];
    return [
      {
        ...common,
        knownMs: one.atMs,
        fraud: said === true,
        scam: said === true ? one.scam : null,
        weight,
        from: one.kind,
        team: one.kind === 'review' ? null : one.team,
      },
    ];
  });
  const others = [...filed.values()]
    .flat()
    .filter((one) => !covered.has(one) && !own.some((label) => label.person === one.person && overlaps(label, one)))
    .map(({ person, fromMs, untilMs, atMs, scam }): Label => ({
      incidentId: null,
      person,
      fromMs,
      untilMs,
      knownMs: atMs,
      fraud: true,
      scam,
      weight: 1,
      from: 'case',
      team: null,
    }));
  return capped([...own, ...others]);
}

/** The result that stands of each incident at a time: its last review, else its last result. */
export function settledOf(results: readonly CodedResult[], nowMs: number): CodedResult[] {
  const known = results.filter(({ atMs }) => atMs <= nowMs);
  return [...Map.groupBy(known, ({ incidentId }) => incidentId).values()].flatMap((own) => {
    const last = (list: readonly CodedResult[]): CodedResult | undefined => list.toSorted((a, b) => a.atMs - b.atMs).at(-1);
    return last(own.filter(({ kind }) => kind === 'review')) ?? last(own) ?? [];
  });
}

/** The filed case that tells of what the incident was about. */
export function caseOf(one: Pick<CodedResult, 'fromMs' | 'untilMs'>, cases: readonly FiledCase[]): FiledCase | undefined {
  return cases.find(({ fromMs, atMs }) => fromMs <= one.untilMs && atMs >= one.fromMs && atMs <= one.untilMs + CASE_AFTER_MS);
}

const overlaps = (a: Pick<Label, 'fromMs' | 'untilMs'>, b: Pick<Label, 'fromMs' | 'untilMs'>): boolean =>
  a.fromMs <= b.untilMs && b.fromMs <= a.untilMs;

/** A unit beyond its share counts less, label by label; with fewer than five units every one must be above it. */
function capped(labels: readonly Label[]): Label[] {
  const sums = new Map<string, number>();
  for (const { team, weight } of labels) if (team !== null) sums.set(team, (sums.get(team) ?? 0) + weight);
  if (sums.size < 1 / TEAM_SHARE_MAX) return [...labels];
  const whole = labels.reduce((sum, { weight }) => sum + weight, 0);
  const factors = new Map<string, number>();
  // What is left after the others: w · f / (rest + w · f) = share.
  for (const [team, weight] of sums) {
    const rest = whole - weight;
    factors.set(team, Math.min(1, (TEAM_SHARE_MAX * rest) / ((1 - TEAM_SHARE_MAX) * weight)));
  }
  return labels.map((label) => ({ ...label, weight: label.weight * (label.team === null ? 1 : (factors.get(label.team) ?? 1)) }));
}
