import { difference, type CaseOutcome, type SideOutcome } from './outcome.ts';

const SHOWN = 20;
const yuan = (fen: number): string => Math.round(fen / 100).toLocaleString('en-US');

/** The two sides beside each other. `nameOf` makes the token that a case is named by. */
export function reportText(live: SideOutcome, candidate: SideOutcome | null, nameOf: (person: string) => string): string {
  const sides = candidate === null ? [live] : [live, candidate];
  const row = (name: string, value: (side: SideOutcome) => string): string =>
    `${name.padEnd(52)}${sides.map((side) => value(side).padStart(16)).join('')}`;
  const sum = (side: SideOutcome, of: (one: CaseOutcome) => number): number => side.cases.reduce((total, one) => total + of(one), 0);
  const lines = [
    row('', (side) => (side === live ? 'live' : 'candidate')),
    row('persons with a loss in this time', ({ cases }) => String(cases.length)),
    row('caught: P1 to P3 five minutes before the last loss', ({ cases }) => String(cases.filter(({ caught }) => caught).length)),
    row('missed', ({ cases }) => String(cases.filter(({ caught }) => !caught).length)),
    row('yuan that left after the alert: could be stopped', (side) => yuan(sum(side, ({ caughtFen }) => caughtFen))),
    row('yuan that left before', (side) => yuan(sum(side, ({ lostFen, caughtFen }) => lostFen - caughtFen))),
    row('minutes from alert to first loss, half have more', ({ cases }) => minutes(cases)),
    row('P1 and P2', ({ urgent }) => String(urgent)),
    row('of them false', ({ falseUrgent }) => String(falseUrgent)),
    row('false visits per officer and shift', ({ falsePerShift }) => falsePerShift.toFixed(3)),
  ];
  if (candidate === null) return lines.join('\n');
  const { gained, lost } = difference(live, candidate);
  const list = (name: string, cases: readonly CaseOutcome[]): string[] => [
    `\n${name}: ${cases.length}${cases.length > SHOWN ? `, the dearest ${SHOWN}` : ''}`,
    ...cases
      .slice(0, SHOWN)
      .map(({ case: one, lostFen }) => `  ${nameOf(one.person)}  ${one.script.padEnd(16)} ${yuan(lostFen).padStart(12)} yuan`),
  ];
  return [...lines, ...list('gained', gained), ...list('lost', lost)].join('\n');
}

function minutes(cases: readonly CaseOutcome[]): string {
  const leads = cases.flatMap(({ leadMs }) => (leadMs === null ? [] : [leadMs])).toSorted((a, b) => a - b);
  return leads.length === 0 ? 'none' : ((leads[Math.floor((leads.length - 1) / 2)] ?? 0) / 60_000).toFixed(1);
}
