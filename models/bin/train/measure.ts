import { calibrationError, type Predictions } from '@skyeye/model';
import { SCAM_NAMES, type Example } from './collect.ts';

export interface Group {
  readonly by: string;
  readonly name: string;
  readonly count: number;
  readonly positives: number;
  readonly auc: number;
  /** Share over 0.5 of those not in a scam, and of those in one. */
  readonly falseShare: number;
  readonly foundShare: number;
  readonly ece: number;
}

export interface Measures {
  readonly examples: number;
  readonly positives: number;
  readonly subjects: number;
  readonly auc: number;
  readonly averagePrecision: number;
  readonly logLoss: number;
  readonly ece: number;
  readonly rulesAuc: number;
  readonly rulesAveragePrecision: number;
  readonly at: readonly { readonly threshold: number; readonly precision: number; readonly recall: number }[];
  readonly typeRight: number;
  readonly calibration: readonly { readonly from: number; readonly said: number; readonly true: number; readonly count: number }[];
  readonly perScript: readonly {
    readonly script: string;
    readonly label: 'fraud' | 'innocent';
    readonly count: number;
    readonly mean: number;
    readonly over: number;
  }[];
  readonly groups: readonly Group[];
  /** Money said to leave and money that left within the hour, all judgements, fen; null without the output. */
  readonly lossHourFen: { readonly said: number; readonly left: number } | null;
}

const SHOWN = [0.3, 0.5, 0.8] as const;
const TINY = 1e-6;

interface Said {
  readonly example: Example;
  readonly probability: number;
  readonly index: number;
}
const isFraud = ({ example }: Pick<Said, 'example'>): boolean => example.scam !== null;

/** Judgements, not persons, are counted: a person in a script is judged many times. */
export function measure(examples: readonly Example[], { probabilities, scams, lossHourFen }: Predictions): Measures {
  const said = examples.map((example, index): Said => ({ example, probability: probabilities[index] ?? 0, index }));
  const positive = said.filter(isFraud);
  const types = scams.length / Math.max(1, said.length);
  const named = positive.filter(({ example, index }) => {
    const shares = scams.subarray(index * types, (index + 1) * types);
    return SCAM_NAMES[shares.indexOf(Math.max(...shares))] === example.scam;
  });
  const pairs = said.map(({ example, probability }) => [probability, example.scam !== null, example.weight] as const);
  const rules = said.map(({ example }) => [example.ruleProbability, example.scam !== null, example.weight] as const);
  const bys = Object.keys(examples[0]?.groups ?? {});
  return {
    examples: said.length,
    positives: positive.length,
    subjects: new Set(positive.map(({ example }) => example.subject)).size,
    auc: auc(pairs),
    averagePrecision: averagePrecision(pairs),
    logLoss: mean(pairs.map(([p, hit]) => -Math.log(Math.max(TINY, hit ? p : 1 - p)))),
    ece: eceOf(said),
    rulesAuc: auc(rules),
    rulesAveragePrecision: averagePrecision(rules),
    at: SHOWN.map((threshold) => {
      const over = said.filter(({ probability }) => probability >= threshold);
      const right = over.filter(isFraud).length;
      return { threshold, precision: right / Math.max(1, weightOf(over)), recall: right / Math.max(1, positive.length) };
    }),
    typeRight: types === 0 ? Number.NaN : named.length / Math.max(1, positive.length),
    calibration: [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
      const bin = said.filter(({ probability }) => probability >= from && (probability < from + 0.2 || from === 0.8));
      return {
        from,
        count: bin.length,
        said: mean(bin.map(({ probability }) => probability)),
        true: mean(bin.map((one) => Number(isFraud(one)))),
      };
    }),
    perScript: [...Map.groupBy(said, ({ example }) => example.scam ?? example.negative)]
      .map(([script, group]) => ({
        script,
        label: group[0] !== undefined && isFraud(group[0]) ? ('fraud' as const) : ('innocent' as const),
        count: group.length,
        mean: mean(group.map(({ probability }) => probability)),
        over: shareOver(group),
      }))
      .toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : a.script < b.script ? -1 : 1)),
    groups: bys.flatMap((by) =>
      [...Map.groupBy(said, ({ example }) => example.groups[by] ?? 'unknown')]
        .map(([name, group]) => ({
          by,
          name,
          count: group.length,
          positives: group.filter(isFraud).length,
          auc: auc(group.map(({ example, probability }) => [probability, example.scam !== null])),
          falseShare: shareOver(group.filter((one) => !isFraud(one))),
          foundShare: shareOver(group.filter(isFraud)),
          ece: eceOf(group),
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ),
    lossHourFen:
      lossHourFen === undefined
        ? null
        : { said: lossHourFen.reduce((sum, fen) => sum + fen, 0), left: examples.reduce((sum, example) => sum + example.lostHourFen, 0) },
  };
}

const weightOf = (group: readonly Said[]): number => group.reduce((sum, { example }) => sum + example.weight, 0);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const shareOver = (group: readonly Said[]): number => mean(group.map(({ probability }) => Number(probability >= 0.5)));
const eceOf = (group: readonly Said[]): number =>
  calibrationError(
    group.map(({ probability }) => probability),
    group.map((one) => Number(isFraud(one))),
    group.map(({ example }) => example.weight),
  );

/** Chance that a positive is above a negative; ties count half. */
function auc(pairs: readonly (readonly [number, boolean, number?])[]): number {
  const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
  let [rankSum, positives] = [0, 0];
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]?.[0] === sorted[from]?.[0]) to++;
    const inTie = sorted.slice(from, to).filter(([, label]) => label).length;
    rankSum += inTie * ((from + 1 + to) / 2);
    positives += inTie;
    from = to;
  }
  const negatives = sorted.length - positives;
  return positives === 0 || negatives === 0 ? Number.NaN : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Precision at each hit, in descending order of the answer, not interpolated; equal answers share one step. The third is a weight. */
export function averagePrecision(pairs: readonly (readonly [number, boolean, number?])[]): number {
  const sorted = pairs.toSorted((a, b) => b[0] - a[0]);
  const positives = sorted.reduce((sum, [, hit, weight = 1]) => sum + Number(hit) * weight, 0);
  let [hits, area, all] = [0, 0, 0];
  for (let from = 0; from < sorted.length;) {
    let [to, inTie] = [from, 0];
    for (; to < sorted.length && sorted[to]?.[0] === sorted[from]?.[0]; to++) {
      const [, hit, weight = 1] = sorted[to] ?? [0, false];
      inTie += Number(hit) * weight;
      all += weight;
    }
    hits += inTie;
    area += (hits / all) * inTie;
    from = to;
  }
  return positives === 0 ? Number.NaN : area / positives;
}
