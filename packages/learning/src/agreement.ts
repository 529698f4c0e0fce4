import { caseOf, FRAUD_BY_RESULT, settledOf, type CodedResult, type FiledCase } from './labels.ts';

/** How one unit's results stand to what else is known. */
export interface TeamAgreement {
  readonly team: string;
  /** Coded fraud or false alarm. */
  readonly results: number;
  readonly frauds: number;
  /** Frauds that the scores of its cases would give, at the rate of all other units. */
  readonly expected: number;
  /** Deviations by which frauds differ from what is expected. */
  readonly z: number;
  /** Its results that a case, a review or a second unit tells the truth of, and how many of them were wrong. */
  readonly checked: number;
  readonly wrong: number;
  readonly suspicious: boolean;
  /** What its results count in a training: 0 for those of a suspicious unit that say what it says too often. */
  readonly trust: number;
}

export interface Agreement {
  readonly teams: readonly TeamAgreement[];
  /** Of results that something else tells the truth of, the share that was wrong; NaN when nothing does. */
  readonly wrongShare: number;
  readonly checked: number;
  /** More than this share wrong: the results as a whole are not to be trusted, and no model is trained on them. */
  readonly isPoisoned: boolean;
}

/** Fewer results than this say nothing about a unit. */
const RESULTS_MIN = 10;
/** One unit in five thousand differs so far by chance. */
const Z_MAX = 3.7;
/** No score is surer than this either way: three false alarms among fifteen cases scored at nearly 1 accuse nobody. */
const UNSURE = 0.1;
const CHECKED_MIN = 5;
/** A unit that is wrong more often than this among what is checked is not believed. */
const WRONG_MAX = 0.4;
/** Of all checked results; beyond it nothing is trained. Officers at a door are wrong a few times in a hundred. */
export const POISONED_SHARE = 0.2;
const CHECKED_ALL_MIN = 20;

/**
 * Compares each unit with all others on what the scores of its cases give, and with whatever tells the truth of a result: a filed
 * case, a review, another unit's result of the same person within the same days. Cost: units² × results at worst.
 */
export function agreementOf(results: readonly CodedResult[], cases: readonly FiledCase[], nowMs: number): Agreement {
  const filed = Map.groupBy(
    cases.filter(({ atMs }) => atMs <= nowMs),
    ({ person }) => person,
  );
  const known = results.filter(({ atMs, result }) => atMs <= nowMs && FRAUD_BY_RESULT[result] !== null);
  const reviews = new Map(settledOf(known, nowMs).flatMap((one) => (one.kind === 'review' ? [[one.incidentId, one] as const] : [])));
  const first = settledOf(
    known.filter(({ kind }) => kind === 'result'),
    nowMs,
  );
  const byPerson = Map.groupBy(first, ({ person }) => person);
  const truthOf = (one: CodedResult): boolean | undefined => {
    const review = reviews.get(one.incidentId);
    if (review !== undefined) return FRAUD_BY_RESULT[review.result] ?? undefined;
    if (caseOf(one, filed.get(one.person) ?? []) !== undefined) return true;
    const other = (byPerson.get(one.person) ?? []).find(
      (second) => second.team !== one.team && second.fromMs <= one.untilMs && one.fromMs <= second.untilMs,
    );
    return other === undefined ? undefined : (FRAUD_BY_RESULT[other.result] ?? undefined);
  };
  const rows = first.map((one) => ({ one, fraud: FRAUD_BY_RESULT[one.result] === true, truth: truthOf(one) }));
  const groups = Map.groupBy(rows, ({ one }) => one.team);
  const left = new Map(groups);
  const teams: TeamAgreement[] = [];
  // The farthest first, and then without it: what one unit gets wrong must not make the others look wrong.
  while (left.size > 0) {
    const judged = [...left].map(([team, own]) =>
      compared(
        team,
        own,
        [...left].flatMap(([name, theirs]) => (name === team ? [] : theirs)),
      ),
    );
    const worst = judged.filter(({ suspicious }) => suspicious).toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z))[0];
    // More than half the units cannot be the odd ones out.
    if (worst === undefined || (teams.length + 1) * 2 > groups.size) {
      teams.push(...judged);
      break;
    }
    teams.push(worst);
    left.delete(worst.team);
  }
  const checked = rows.filter(({ truth }) => truth !== undefined);
  const wrong = checked.filter(({ fraud, truth }) => fraud !== truth).length;
  const wrongShare = ratio(wrong, checked.length);
  return {
    teams: teams.toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.team < b.team ? -1 : 1)),
    wrongShare,
    checked: checked.length,
    isPoisoned: checked.length >= CHECKED_ALL_MIN && wrongShare > POISONED_SHARE,
  };
}

interface Row {
  readonly one: CodedResult;
  readonly fraud: boolean;
  readonly truth: boolean | undefined;
}

function compared(team: string, own: readonly Row[], others: readonly Row[]): TeamAgreement {
  // A score means what it says where scams are as frequent as in life: the others' results say how far this county is from that.
  const shift = shiftOf(others);
  const chances = own.map(({ one }) => chanceOf(one.score, shift));
  const expected = chances.reduce((sum, p) => sum + p, 0);
  const frauds = own.filter(({ fraud }) => fraud).length;
  const spread = Math.sqrt(chances.reduce((sum, p) => sum + p * (1 - p), 0));
  const z = others.length < RESULTS_MIN ? 0 : (frauds - expected) / spread;
  const checked = own.filter(({ truth }) => truth !== undefined);
  const wrong = checked.filter(({ fraud, truth }) => fraud !== truth).length;
  const suspicious =
    (own.length >= RESULTS_MIN && Math.abs(z) > Z_MAX) || (checked.length >= CHECKED_MIN && wrong / checked.length > WRONG_MAX);
  return { team, results: own.length, frauds, expected, z, checked: checked.length, wrong, suspicious, trust: suspicious ? 0 : 1 };
}

/** Trust by unit, for `labelsOf`. */
export const trustOf = ({ teams }: Agreement): ReadonlyMap<string, number> => new Map(teams.map(({ team, trust }) => [team, trust]));

/** A score with its log-odds moved, as a change of how frequent frauds are moves them. */
function chanceOf(score: number, shift: number): number {
  const known = Math.min(1 - SCORE_MIN, Math.max(SCORE_MIN, score));
  const odds = (known / (1 - known)) * Math.exp(shift);
  return Math.min(1 - UNSURE, Math.max(UNSURE, odds / (1 + odds)));
}
const SCORE_MIN = 0.001;
const SHIFT_MAX = 12;

/** The shift at which scores add up to the frauds that were coded, by bisection. */
function shiftOf(rows: readonly Row[]): number {
  const frauds = rows.filter(({ fraud }) => fraud).length;
  let [low, high] = [-SHIFT_MAX, SHIFT_MAX];
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (rows.reduce((sum, { one }) => sum + chanceOf(one.score, middle), 0) < frauds) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);
