import type { Predictions } from '@skyeye/model';
import { SCAM_NAMES, type Example } from './collect.ts';

export interface Measures {
  readonly examples: number;
  readonly positives: number;
  readonly auc: number;
  readonly rulesAuc: number;
  readonly at: readonly { readonly threshold: number; readonly precision: number; readonly recall: number }[];
  readonly typeRight: number;
  readonly calibration: readonly { readonly from: number; readonly said: number; readonly true: number; readonly count: number }[];
  readonly perScript: readonly { readonly script: string; readonly label: 'fraud' | 'innocent'; readonly count: number; readonly mean: number; readonly over: number }[];
}

const SHOWN = [0.3, 0.5, 0.8] as const;

/** Judgements, not persons, are counted: a person in a script is judged many times. */
export function measure(examples: readonly Example[], { probabilities, scams }: Predictions): Measures {
  const said = examples.map((example, index) => ({ example, probability: probabilities[index] ?? 0, index }));
  const positive = said.filter(({ example }) => example.scam !== null);
  const named = positive.filter(({ example, index }) => {
    const shares = scams.subarray(index * SCAM_NAMES.length, (index + 1) * SCAM_NAMES.length);
    return SCAM_NAMES[shares.indexOf(Math.max(...shares))] === example.scam;
  });
  return {
    examples: said.length,
    positives: positive.length,
    auc: auc(said.map(({ example, probability }) => [probability, example.scam !== null])),
    rulesAuc: auc(said.map(({ example }) => [example.ruleProbability, example.scam !== null])),
    at: SHOWN.map((threshold) => {
      const over = said.filter(({ probability }) => probability >= threshold);
      const right = over.filter(({ example }) => example.scam !== null).length;
      return { threshold, precision: right / Math.max(1, over.length), recall: right / Math.max(1, positive.length) };
    }),
    typeRight: named.length / Math.max(1, positive.length),
    calibration: [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
      const bin = said.filter(({ probability }) => probability >= from && (probability < from + 0.2 || from === 0.8));
      return { from, count: bin.length, said: mean(bin.map(({ probability }) => probability)), true: mean(bin.map(({ example }) => (example.scam === null ? 0 : 1))) };
    }),
    perScript: [...Map.groupBy(said, ({ example }) => example.scam ?? example.negative)]
      .map(([script, group]) => ({
        script,
        label: group[0]?.example.scam === null ? ('innocent' as const) : ('fraud' as const),
        count: group.length,
        mean: mean(group.map(({ probability }) => probability)),
        over: group.filter(({ probability }) => probability >= 0.5).length / group.length,
      }))
      .toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : a.script < b.script ? -1 : 1)),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Chance that a positive is above a negative; ties count half. */
function auc(pairs: readonly (readonly [number, boolean])[]): number {
  const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
  let [rankSum, positives] = [0, 0];
  for (let from = 0; from < sorted.length; ) {
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
