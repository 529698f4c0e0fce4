import type { Case } from '@skyeye/simulator/measured';
import { interval, median, rate, share, type Measured } from './interval.ts';
import { VISITS_A_DAY, type Alert } from './response.ts';
import { DELAY_MS, HONEST_WEIGHT, type Asked, type Run } from './run-county.ts';
import type { Judgement } from './subject.ts';
import type { Why } from './why-lost.ts';

const MIN_MS = 60_000;
const HOUR_MS = 60 * MIN_MS;
/** A first loss earlier after the start or later before the end than this is not measured: the run must be able to show what was done. */
const EDGE_MS = 6 * HOUR_MS;
/** Without a bank that asks, somebody has to get there: a signal is in time when it is so much earlier than the loss. */
const IN_TIME_MS = 30 * MIN_MS;
const AFTER_MS = 30 * MIN_MS;
const OFFENDERS = new Set(['mule_ring', 'scam_caller']);
const PHONE_SCAMS = new Set(['svc', 'gov', 'credit']);

/** One victim of a run: what the script would have taken within it, and what it took. */
export interface Victim {
  readonly script: string;
  readonly wouldLoseFen: number;
  readonly lostFen: number;
  readonly signalInTime: boolean;
  /** The first loss was a payment that a bank asked about. */
  readonly asked: boolean;
  /** First P1 to P3 before the first loss of the script, ms; null when none before the end. */
  readonly leadMs: number | null;
  readonly hasSignalling: boolean;
  readonly why: Why;
}

export function victims(run: Run): Victim[] {
  const alerts = new Map(run.alerts.toReversed().map((alert) => [alert.person, alert]));
  const judged = new Map<string, number>();
  for (const { person, t } of run.judgements) judged.set(person, Math.min(t, judged.get(person) ?? Infinity));
  return run.cases.flatMap((one) => victimOf(run, one, { alerts, judged }));
}

interface Known {
  readonly alerts: ReadonlyMap<string, Alert>;
  /** When a person was first judged, event time. */
  readonly judged: ReadonlyMap<string, number>;
}

function victimOf(run: Run, { label, resident, wouldLose }: Case, { alerts, judged }: Known): Victim[] {
  const first = wouldLose[0];
  if (label.label !== 'fraud' || OFFENDERS.has(label.script) || first === undefined) return [];
  if (first.atMs < run.startMs + 10 * MIN_MS || first.atMs > run.endMs - EDGE_MS) return [];
  const within = (list: Case['wouldLose']): number => list.reduce((sum, paid) => sum + (paid.atMs <= run.endMs ? paid.amtFen : 0), 0);
  // A delayed payment arrives after a day unless the person has taken it back, which who believes us does.
  const delayed = run.asked.reduce(
    (sum, asked) =>
      asked.resident === resident.index &&
      asked.outcome === 'delay' &&
      asked.txid.startsWith(`${label.plan}.`) &&
      !(label.state === 'stopped' && (label.stoppedMs ?? Infinity) <= asked.atMs + DELAY_MS)
        ? sum + asked.amountFen
        : sum,
    0,
  );
  const asked = run.asked.find(({ txid }) => txid === first.txid);
  const signalMs = run.signalMs(label.person);
  const alert = alerts.get(label.person);
  // Money that is on its way is not there for the payments after it, which the script made as if it were.
  const lostFen = Math.min(within(wouldLose), within(label.lost) + delayed);
  return [
    {
      script: label.script,
      wouldLoseFen: within(wouldLose),
      lostFen,
      signalInTime: asked === undefined ? signalMs !== undefined && signalMs <= first.atMs - IN_TIME_MS : asked.signal,
      asked: asked !== undefined,
      leadMs: alert === undefined || alert.level === 'P4' ? null : first.atMs - alert.createdMs,
      hasSignalling: resident.covered.includes('callsig'),
      why: whyOf(lostFen, asked, {
        kept: label.lost[0]?.txid !== first.txid,
        judged: (judged.get(label.person) ?? Infinity) < first.atMs,
        level: alert !== undefined && alert.level !== 'P4' && alert.createdMs < first.atMs,
        stayed: label.state === 'stopped' && (label.stoppedMs ?? Infinity) <= first.atMs + DELAY_MS,
      }),
    },
  ];
}

function whyOf(
  lostFen: number,
  asked: Asked | undefined,
  of: { readonly kept: boolean; readonly judged: boolean; readonly level: boolean; readonly stayed: boolean },
): Why {
  if (lostFen === 0) return 'stopped';
  if (asked === undefined) return of.kept ? 'later' : !of.judged ? 'unseen' : of.level ? 'late' : 'low';
  if (asked.outcome === 'allow') return asked.said === null ? 'unseen' : of.kept ? 'later' : 'asked';
  if (asked.outcome === 'delay') return of.stayed ? 'later' : 'arrived';
  return of.kept ? 'later' : 'insisted';
}

export const stopped = (list: readonly Victim[]): Measured =>
  share(
    list.filter(({ signalInTime }) => signalInTime),
    ({ lostFen }) => lostFen === 0,
  );
export const stoppedOfAll = (list: readonly Victim[]): Measured => share(list, ({ lostFen }) => lostFen === 0);
export const moneyLeft = (list: readonly Victim[]): Measured =>
  interval(
    list,
    (drawn) => drawn.reduce((sum, { lostFen }) => sum + lostFen, 0) / drawn.reduce((sum, { wouldLoseFen }) => sum + wouldLoseFen, 0),
  );
/** Minutes. */
export const lead = (list: readonly Victim[]): Measured =>
  interval(
    list.filter(({ script, hasSignalling }) => PHONE_SCAMS.has(script) && hasSignalling),
    (drawn) => median(drawn.map(({ leadMs }) => (leadMs ?? -Infinity) / MIN_MS)),
  );

/** What somebody at the door finds about an alert: the truth of that moment. */
export type Finding = { readonly alert: Alert; readonly is: 'victim' | 'honest' | 'life' | 'offender'; readonly script: string };

export function findings(run: Run): Finding[] {
  const byPerson = new Map(run.cases.map((one) => [one.label.person, one.label]));
  return run.alerts.map((alert) => {
    const label = byPerson.get(alert.person);
    const urgentMs = alert.urgentMs ?? alert.createdMs;
    if (label === undefined || urgentMs < label.firstContactMs) return { alert, is: 'life', script: 'life' };
    if (OFFENDERS.has(label.script)) return { alert, is: 'offender', script: label.script };
    return { alert, is: label.label === 'fraud' ? 'victim' : 'honest', script: label.script };
  });
}

const isUrgent = ({ alert }: Finding): boolean => alert.urgentMs !== null;

/** Per 10,000 persons a day, look-alikes as frequent as in life. */
export function falseUrgent(runs: readonly Run[]): Measured {
  const exposure = runs.reduce((sum, { options }) => sum + (options.residents * options.days) / 10_000, 0);
  const weights = runs.flatMap((run) =>
    findings(run)
      .filter(isUrgent)
      .flatMap(({ is }) => (is === 'life' ? [1] : is === 'honest' ? [HONEST_WEIGHT / run.options.times] : [])),
  );
  return rate(weights, exposure, 1);
}

/** By kind of look-alike, the share that reaches P1 or P2. */
export function honestByKind(runs: readonly Run[]): ReadonlyMap<string, Measured> {
  const kinds = new Map<string, boolean[]>();
  for (const run of runs) {
    const urgent = new Set(run.alerts.filter(({ urgentMs }) => urgentMs !== null).map(({ person }) => person));
    for (const { label } of run.cases) {
      if (label.label !== 'benign' || label.firstContactMs > run.endMs - HOUR_MS) continue;
      kinds.set(label.script, [...(kinds.get(label.script) ?? []), urgent.has(label.person)]);
    }
  }
  return new Map([...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, flags]) => [kind, share(flags, Boolean)]));
}

/** Of the P1 and P2 that a county can visit, in their order, the share that were victims; each counted as often as it is in life. */
export function precisionAtBudget(runs: readonly Run[]): Measured {
  const { days, times } = runs.reduce(
    (sum, { options }) => ({ days: sum.days + options.days * (options.residents / 500_000), times: options.times }),
    { days: 0, times: 1 },
  );
  const weightOf = ({ is }: Finding): number => (is === 'victim' ? 1 : is === 'honest' ? HONEST_WEIGHT : times);
  const order = ({ alert }: Finding): number => (alert.level === 'P1' ? 1e15 : 0) + alert.expectedLossFen;
  const coded = runs.flatMap((run) => findings(run).filter((finding) => isUrgent(finding) && finding.is !== 'offender'));
  return interval(coded, (drawn) => {
    let left = VISITS_A_DAY * days * times;
    let [right, all] = [0, 0];
    for (const finding of drawn.toSorted((a, b) => order(b) - order(a))) {
      const weight = Math.min(left, weightOf(finding));
      left -= weight;
      all += weight;
      if (finding.is === 'victim') right += weight;
    }
    return right / all;
  });
}

const BINS = 10;
const PER_PERSON_MAX = 60;

/** A judgement with the truth of its moment and how many of life it stands for. */
export interface Coded extends Judgement {
  readonly real: 0 | 1;
  readonly weight: number;
}

/** Judgements from a share of the days on, at most 60 of a person, weighed back to life; those of offenders left out. */
export function coded(runs: readonly Run[], fromShare: number): Coded[] {
  return runs.flatMap((run) => {
    const labels = new Map(run.cases.map(({ label }) => [label.person, label]));
    const counts = new Map<string, number>();
    return run.judgements.flatMap((judgement) => {
      const { person, t } = judgement;
      const label = labels.get(person);
      const count = (counts.get(person) ?? 0) + 1;
      counts.set(person, count);
      if (count > PER_PERSON_MAX || t < run.startMs + fromShare * (run.endMs - run.startMs)) return [];
      if (label !== undefined && OFFENDERS.has(label.script)) return [];
      const untilMs = label?.stoppedMs ?? (label?.lastStepMs ?? 0) + AFTER_MS;
      const real = label?.label === 'fraud' && t >= label.firstContactMs && t <= untilMs ? 1 : 0;
      const weight = label === undefined ? run.options.times : label.label === 'fraud' ? 1 : HONEST_WEIGHT;
      return [{ ...judgement, real, weight }];
    });
  });
}

export interface CalibrationOptions {
  readonly of: 'model' | 'score';
  /** Answers below are left out. Default: none. */
  readonly from?: number;
  /** Every judgement counts once, as in the crowded county. */
  readonly crowded?: boolean;
}

/**
 * Expected calibration error in the second half of the days: mean distance of what is said from what is true, over ten bins,
 * judgements weighed back to life.
 */
export function calibrationError(runs: readonly Run[], { of, from = 0, crowded = false }: CalibrationOptions): Measured {
  const said = coded(runs, 0.5).flatMap((one) => {
    const answer = of === 'model' ? one.model : one.score;
    return answer === null || answer < from ? [] : [{ answer, real: one.real, weight: crowded ? 1 : one.weight }];
  });
  return interval(said, (drawn) => {
    const bins = Array.from({ length: BINS }, () => ({ said: 0, real: 0 }));
    let all = 0;
    for (const { answer, real, weight } of drawn) {
      const bin = bins[Math.min(BINS - 1, Math.floor(answer * BINS))];
      if (bin === undefined) continue;
      bin.said += weight * answer;
      bin.real += weight * real;
      all += weight;
    }
    return bins.reduce((sum, bin) => sum + Math.abs(bin.said - bin.real), 0) / all;
  });
}

/** Payments of honest people that a bank was told not to let go at once, of those it asked about. */
export function honestPaymentsHeld(runs: readonly Run[]): Measured {
  const asked = runs.flatMap((run) => {
    const fraud = new Set(run.cases.filter(({ label }) => label.label === 'fraud').map(({ resident }) => resident.index));
    return run.asked.filter(({ resident }) => !fraud.has(resident));
  });
  return share(asked, ({ answered }) => answered !== 'allow');
}

/** Victims by type: number, share stopped before any loss, share of the money that left. */
export function byScript(list: readonly Victim[]): readonly { script: string; of: number; stopped: number; left: number }[] {
  return [...Map.groupBy(list, ({ script }) => script)]
    .map(([script, own]) => ({
      script,
      of: own.length,
      stopped: own.filter(({ lostFen }) => lostFen === 0).length / own.length,
      left: own.reduce((sum, { lostFen }) => sum + lostFen, 0) / own.reduce((sum, { wouldLoseFen }) => sum + wouldLoseFen, 0),
    }))
    .toSorted((a, b) => (a.script < b.script ? -1 : 1));
}
