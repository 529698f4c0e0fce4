import { createHash } from 'node:crypto';
import type { ModelNumbers, ModelTable } from '@skyeye/contracts';
import { difference, type CaseOutcome, type SideOutcome } from './outcome.ts';

const SHOWN = 20;
const yuan = (fen: number): string => Math.round(fen / 100).toLocaleString('en-US');

/** Officers on duty at a time in a county with eleven teams. */
export const OFFICERS = 11;

/** A side and what it is called in the head of its column. */
export interface NamedSide {
  readonly side: SideOutcome;
  readonly name: string;
}

/** Stored events of a data folder carry tokens already; those of a simulation get one here, so that no report shows a number. */
export function nameOf(person: string): string {
  return /^\d{17}[\dX]$/.test(person) ? `p_${createHash('sha256').update(`backtest/${person}`).digest('base64url').slice(0, 12)}` : person;
}

/** The two sides beside each other. `token` makes what a case is named by. */
export function reportText(first: NamedSide, second: NamedSide | null, token: (person: string) => string): string {
  const [live, candidate] = [first.side, second?.side ?? null];
  const sides = candidate === null ? [live] : [live, candidate];
  const row = (name: string, value: (side: SideOutcome) => string): string =>
    `${name.padEnd(52)}${sides.map((side) => value(side).padStart(16)).join('')}`;
  const sum = (side: SideOutcome, of: (one: CaseOutcome) => number): number => side.cases.reduce((total, one) => total + of(one), 0);
  const lines = [
    row('', (side) => (side === live ? first.name : (second?.name ?? ''))),
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
      .map(({ case: one, lostFen }) => `  ${token(one.person)}  ${one.script.padEnd(16)} ${yuan(lostFen).padStart(12)} yuan`),
  ];
  return [...lines, ...list('gained', gained), ...list('lost', lost)].join('\n');
}

function minutes(cases: readonly CaseOutcome[]): string {
  return medianLeadMinutes(cases)?.toFixed(1) ?? 'none';
}

/** Alert to first loss, half have more; null without any alert. */
function medianLeadMinutes(cases: readonly CaseOutcome[]): number | null {
  const leads = cases.flatMap(({ leadMs }) => (leadMs === null ? [] : [leadMs])).toSorted((a, b) => a - b);
  return leads.length === 0 ? null : (leads[Math.floor((leads.length - 1) / 2)] ?? 0) / 60_000;
}

/** The two sides as numbers, for a model that is to be promoted. */
export function modelTableOf(
  facts: { readonly events: number; readonly fromMs: number; readonly untilMs: number },
  live: SideOutcome & { readonly model: string },
  candidate: SideOutcome & { readonly model: string },
): ModelTable {
  const { gained, lost } = difference(live, candidate);
  return { ...facts, live: numbersOf(live), candidate: numbersOf(candidate), gained: gained.length, lost: lost.length };
}

function numbersOf({ model, cases, urgent, falseUrgent, falsePerShift }: SideOutcome & { readonly model: string }): ModelNumbers {
  const sum = (of: (one: CaseOutcome) => number): number => cases.reduce((total, one) => total + of(one), 0);
  return {
    model,
    persons: cases.length,
    caught: cases.filter(({ caught }) => caught).length,
    caughtFen: sum(({ caughtFen }) => caughtFen),
    lostFen: sum(({ lostFen }) => lostFen),
    urgent,
    falseUrgent,
    falsePerShift,
    leadMinutes: medianLeadMinutes(cases),
  };
}
