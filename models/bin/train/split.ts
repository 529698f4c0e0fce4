import type { Example } from './collect.ts';

const DAY_MS = 24 * 3_600_000;

/** Judgements by use. Train and fit lie before the day of training; the test lies after it, in counties of its own. */
export interface Parts {
  readonly train: readonly Example[];
  /** Chooses and calibrates: of the newest labelled days. */
  readonly fit: readonly Example[];
  readonly test: readonly Example[];
  /** Judgements that were old enough but whose script still ran on the day of training. */
  readonly open: number;
}

/**
 * In time order, as it would be: on the day of training only judgements older than the delay of feedback have a label. The test
 * begins on that day. `openCases`: a script that still runs has no label yet ('drop'), which in counties of a few days leaves out
 * nearly every long scam and so teaches that they are ordinary; or these counties were followed until it had one ('follow'),
 * which is what a training window of months amounts to.
 */
export function split(
  { train, fit, test }: { readonly train: readonly Example[]; readonly fit: readonly Example[]; readonly test: readonly Example[] },
  {
    startMs,
    trainingDay,
    delayDays,
    fitDays,
    openCases,
  }: {
    readonly startMs: number;
    readonly trainingDay: number;
    readonly delayDays: number;
    readonly fitDays: number;
    readonly openCases: 'drop' | 'follow';
  },
): Parts {
  const dayMs = startMs + trainingDay * DAY_MS;
  const isOld = ({ t }: Example): boolean => t < dayMs - delayDays * DAY_MS;
  const isKnown = ({ settledMs }: Example): boolean => settledMs + delayDays * DAY_MS <= dayMs;
  const isUsed = (example: Example): boolean => isOld(example) && (openCases === 'follow' || isKnown(example));
  const old = [...train, ...fit].filter(isOld);
  return {
    train: train.filter(isUsed),
    // A county changes: persons who were swindled before are among those judged later. The newest labels say most about tomorrow.
    fit: fit.filter((example) => isUsed(example) && example.t >= dayMs - (delayDays + fitDays) * DAY_MS),
    test: test.filter(({ t }) => t >= dayMs),
    open: old.filter((example) => !isKnown(example)).length,
  };
}
