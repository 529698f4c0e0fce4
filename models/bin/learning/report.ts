import {
  agreementOf,
  calibrationDrift,
  estimatesOf,
  fairnessOf,
  type Agreement,
  type CalibrationDrift,
  type Estimates,
  type FairnessRow,
  type FiledCase,
  type Share,
} from '@skyeye/learning';
import { judgedOf, treatedOf, visitedOf, type Gathered } from './gather.ts';

export interface LearningReport {
  readonly fromMs: number;
  readonly toMs: number;
  readonly estimates: Estimates;
  readonly agreement: Agreement;
  readonly calibration: readonly CalibrationDrift[];
  readonly fairness: readonly FairnessRow[];
}

export function reportOf(
  gathered: Gathered,
  cases: readonly FiledCase[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): LearningReport {
  return {
    fromMs,
    toMs,
    estimates: estimatesOf(visitedOf(gathered, toMs)),
    agreement: agreementOf(gathered.results, cases, toMs),
    calibration: calibrationDrift(judgedOf(gathered, toMs)),
    fairness: fairnessOf(treatedOf(gathered, cases, toMs)),
  };
}

const percent = (value: number): string => (Number.isNaN(value) ? 'unknown' : `${(100 * value).toFixed(1)} %`);
const share = ({ value, low, high, of }: Share): string =>
  `${percent(value).padStart(8)}  (${percent(low)} to ${percent(high)}, ${Math.round(of)})`;
const day = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
/** Groups shown of calibration beside those that drifted. */
const SHOWN = 12;

export function reportText({ fromMs, toMs, estimates, agreement, calibration, fairness }: LearningReport): string {
  const { precision, precisionWeighed, belowNaive, below, fraudsBelow, fraudsAbove, recall, drawn, drawnCoded, cases } = estimates;
  const count = (value: number): string => (Number.isNaN(value) ? 'unknown' : value.toFixed(1));
  return [
    `incidents opened from ${day(fromMs)} to ${day(toMs)}: ${cases}; in brackets the 95 % interval, then cases behind it`,
    '',
    `precision of P1 and P2, as coded                     ${share(precision)}`,
    `the same, weighed for whom nobody met                ${share(precisionWeighed)}`,
    `frauds below the bar, among whatever was coded       ${share(belowNaive)}   biased, to compare`,
    `frauds below the bar, by inverse propensity          ${share(below)}   of ${drawn} drawn, ${drawnCoded} coded`,
    `frauds above the bar ${fraudsAbove.toFixed(1)}, below ${count(fraudsBelow.value)} (${count(fraudsBelow.low)} to ${count(fraudsBelow.high)}); share above ${percent(recall.value)} (${percent(recall.low)} to ${percent(recall.high)})`,
    '',
    `results that a case, a review or a second unit tells the truth of: ${agreement.checked}, wrong ${percent(agreement.wrongShare)}${agreement.isPoisoned ? '; too many, nothing is to be trained' : ''}`,
    `unit                      results  frauds  expected      z  checked  wrong`,
    ...agreement.teams.map(
      ({ team, results, frauds, expected, z, checked, wrong, suspicious }) =>
        `${team.padEnd(24)} ${String(results).padStart(8)} ${String(frauds).padStart(7)} ${expected.toFixed(1).padStart(9)} ${z.toFixed(1).padStart(6)} ${String(checked).padStart(8)} ${String(wrong).padStart(6)}${suspicious ? '  not believed until somebody has looked' : ''}`,
    ),
    '',
    'said against real, by scam type and source',
    ...calibration
      .filter(({ drifted }, index) => drifted || index < SHOWN)
      .map(
        ({ group, cases: of, said, real, z, drifted }) =>
          `${group.padEnd(24)} ${percent(said).padStart(9)} ${percent(real).padStart(9)}  z ${z.toFixed(1)}, ${of} cases${drifted ? '  drifted' : ''}`,
      ),
    '',
    'disturbed for nothing and found, by group (everybody with an incident)',
    ...fairness.map(
      ({ by, group, persons, alerted, falseShare, foundShare, differs }) =>
        `${by.padEnd(8)} ${group.padEnd(16)} ${String(persons).padStart(6)} persons, ${String(alerted).padStart(5)} at P1 or P2, false ${share(falseShare)}, found ${share(foundShare)}${differs ? '  differs from the others' : ''}`,
    ),
  ].join('\n');
}
