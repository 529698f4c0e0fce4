import type { Case } from './cases.ts';
import type { Alert } from './side.ts';

/** An alert in time: P1 to P3 at least so long before the last loss (DOMAIN's 预警覆盖率). */
const IN_TIME_MS = 5 * 60_000;
/** An alert soon after the last step still is about the fraud. */
const AFTER_MS = 30 * 60_000;
const SHIFT_MS = 8 * 3_600_000;

export interface CaseOutcome {
  readonly case: Case;
  readonly caught: boolean;
  /** Lost later than an alert and five minutes. */
  readonly caughtFen: number;
  readonly lostFen: number;
  /** Alert to first loss; negative when it came after. Null without an alert. */
  readonly leadMs: number | null;
}

export interface SideOutcome {
  readonly cases: readonly CaseOutcome[];
  readonly urgent: number;
  /** P1 and P2 of people to whom nothing was happening. */
  readonly falseUrgent: number;
  readonly falsePerShift: number;
}

/** What one side's alerts would have been worth. `officers`: on duty at a time, in shifts of eight hours. */
export function outcomeOf(
  alerts: readonly Alert[],
  { cases, fromMs, untilMs, officers }: { cases: readonly Case[]; fromMs: number; untilMs: number; officers: number },
): SideOutcome {
  const byPerson = Map.groupBy(alerts, ({ person }) => person);
  const known = cases.filter(({ losses }) => losses.some(({ atMs }) => atMs >= fromMs && atMs <= untilMs));
  const outcomes = known.map((one): CaseOutcome => {
    const losses = one.losses.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs);
    const first = (byPerson.get(one.person) ?? []).find(({ atMs }) => atMs >= one.fromMs && atMs <= one.untilMs + AFTER_MS);
    const lastMs = Math.max(...losses.map(({ atMs }) => atMs));
    const sum = (list: typeof losses): number => list.reduce((total, { amtFen }) => total + amtFen, 0);
    return {
      case: one,
      caught: first !== undefined && first.atMs + IN_TIME_MS <= lastMs,
      caughtFen: first === undefined ? 0 : sum(losses.filter(({ atMs }) => atMs >= first.atMs + IN_TIME_MS)),
      lostFen: sum(losses),
      leadMs: first === undefined ? null : (losses[0]?.atMs ?? lastMs) - first.atMs,
    };
  });
  const frauds = Map.groupBy(cases, ({ person }) => person);
  const urgent = alerts.flatMap(({ person, urgentMs }) => (urgentMs === null ? [] : [{ person, urgentMs }]));
  const wrong = urgent.filter(
    ({ person, urgentMs }) => !(frauds.get(person) ?? []).some((one) => urgentMs >= one.fromMs && urgentMs <= one.untilMs + AFTER_MS),
  );
  const shifts = Math.max(1, (untilMs - fromMs) / SHIFT_MS) * officers;
  return { cases: outcomes, urgent: urgent.length, falseUrgent: wrong.length, falsePerShift: wrong.length / shifts };
}

export interface Difference {
  readonly gained: readonly CaseOutcome[];
  readonly lost: readonly CaseOutcome[];
}

/** Cases that only the candidate, or only what is live, catches: the dearest first. */
export function difference(live: SideOutcome, candidate: SideOutcome): Difference {
  const dearest = (list: readonly CaseOutcome[]): CaseOutcome[] =>
    list.toSorted((a, b) => b.lostFen - a.lostFen || (a.case.person < b.case.person ? -1 : 1));
  return {
    gained: dearest(candidate.cases.filter((one, index) => one.caught && live.cases[index]?.caught !== true)),
    lost: dearest(live.cases.filter((one, index) => one.caught && candidate.cases[index]?.caught !== true)),
  };
}
