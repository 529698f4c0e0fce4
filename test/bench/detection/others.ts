import type { SubjectKind } from '@skyeye/contracts';
import { rate, share, type Measured } from './interval.ts';
import type { Run } from './run-county.ts';

const MIN_MS = 60_000;
const HOUR_MS = 60 * MIN_MS;

/** Scripts in which accounts or numbers play the part that these rows are about, for counties of nothing else. */
export const ONLY_RINGS: ReadonlySet<string> = new Set([
  'mule_ring',
  'scam_caller',
  'hn_landlord',
  'hn_online_seller',
  'hn_payroll',
  'hn_grain',
  'hn_used_car',
  'hn_courier',
  'hn_callcenter',
  'hn_real_svc',
  'hn_elder_hospital',
  'hn_overseas_kin',
]);

/** Accounts of rings found before their second payer's money comes; callers within ten minutes of the third they reach. */
export function offenders(runs: readonly Run[]): { readonly mules: Measured; readonly callers: Measured } {
  const rows = runs.flatMap((run) => run.cases.map((one) => ({ ...one, run })));
  const mules = rows
    .filter(({ label }) => label.script === 'mule_ring')
    .flatMap(({ paidIn, run }) =>
      paidIn.flatMap(({ account, atMs }) => {
        const second = atMs[1];
        if (second === undefined || second < run.startMs || second > run.endMs) return [];
        return [(run.found.account.get(account) ?? Infinity) < second];
      }),
    );
  const callers = rows
    .filter(({ label }) => label.script === 'scam_caller')
    .flatMap(({ label, reachedMs, run }) => {
      const third = reachedMs[2];
      if (third === undefined || third < run.startMs || third > run.endMs - HOUR_MS) return [];
      return [label.callers.some((number) => (run.found.number.get(number) ?? Infinity) <= third + 10 * MIN_MS)];
    });
  return { mules: share(mules, Boolean), callers: share(callers, Boolean) };
}

/** First accounts of victims' money in the other scripts, found before the victim's last payment: money could still be kept back. */
export function firstCards(runs: readonly Run[]): Measured {
  const flags = runs.flatMap((run) =>
    run.cases.flatMap(({ label, wouldLose }) => {
      const last = wouldLose.at(-1);
      const payees = new Set(wouldLose.map(({ payee }) => payee).filter((payee) => payee !== 'cash'));
      if (label.label !== 'fraud' || last === undefined || last.atMs > run.endMs || wouldLose.length < 2 || payees.size === 0) return [];
      return [[...payees].some((payee) => (run.found.account.get(payee) ?? Infinity) < last.atMs)];
    }),
  );
  return share(flags, Boolean);
}

/** Part of the scorer's time that accounts and numbers take, their models included: mean of the runs, with the least and the most. */
export function othersShare(runs: readonly Run[]): Measured {
  const shares = runs.map(({ othersShare: share }) => share);
  return {
    value: shares.reduce((sum, one) => sum + one, 0) / shares.length,
    low: Math.min(...shares),
    high: Math.max(...shares),
    of: shares.length,
  };
}

/** By innocent script, the share whose own account, or whose number, is found. */
export function honestFound(runs: readonly Run[], kind: SubjectKind): ReadonlyMap<string, Measured> {
  const kinds = new Map<string, boolean[]>();
  for (const run of runs)
    for (const { label } of run.cases) {
      const own = kind === 'account' ? label.accounts : label.callers;
      if (label.label !== 'benign' || own.length === 0 || label.firstContactMs > run.endMs - HOUR_MS) continue;
      kinds.set(label.script, [...(kinds.get(label.script) ?? []), own.some((key) => run.found[kind].has(key))]);
    }
  return new Map([...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([script, flags]) => [script, share(flags, Boolean)]));
}

/** Accounts or numbers of ordinary life that are found, per 10,000 of the county's and day. Whoever has a part in a script is none. */
export function falselyFound(runs: readonly Run[], kind: SubjectKind): Measured {
  const exposure = runs.reduce((sum, { options, ownOf }) => sum + (ownOf[kind] * options.days) / 10_000, 0);
  const weights = runs.flatMap((run) => {
    const named = new Set(run.cases.flatMap(({ label }) => [...label.accounts, ...label.mules, ...label.callers, label.phone ?? '']));
    return [...run.found[kind].keys()].filter((key) => !named.has(key)).map(() => 1);
  });
  return rate(weights, exposure, 1);
}
