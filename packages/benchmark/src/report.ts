import { CANDIDATES } from './learners.ts';
import { CARDS_PER_DAY, dayOf, nameOf, over, type FoldResult, type Measures, type RunResult } from './run.ts';

const MEASURES: readonly (readonly [keyof Measures, string])[] = [
  ['aucRoc', 'AUC ROC'],
  ['averagePrecision', 'average precision'],
  ['cardPrecision', `card precision@${CARDS_PER_DAY}`],
];

/** The table of a run, lines ending in a newline. */
export function reportText(result: RunResult): string {
  const names = CANDIDATES.map(nameOf);
  const head = (first: string): string => [first.padEnd(26), ...MEASURES.map(([, title]) => title.padStart(20))].join('');
  const rowOf = (name: string, folds: readonly FoldResult[]): string =>
    [
      `${name === result.chosen ? '*' : ' '} ${name}`.padEnd(26),
      ...MEASURES.map(([measure]) => {
        const { mean, deviation } = over(folds, name, measure);
        return `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`.padStart(20);
      }),
    ].join('');
  const weeks = result.folds.map((fold) => {
    const found = fold.measures[result.chosen];
    return [
      dayOf(fold.trainStartMs).padEnd(26),
      ...MEASURES.map(([measure]) => (found?.[measure] ?? Number.NaN).toFixed(3).padStart(20)),
      `   ${fold.testRows} payments, ${fold.testFrauds} frauds, at most ${fold.cardPrecisionMax.toFixed(3)}`,
    ].join('');
  });
  return [
    `${result.rows} payments, ${result.frauds} frauds, ${result.features.length} features`,
    '',
    ...(result.validations.length === 0
      ? ['no payments before the first training week to choose by: the first candidate is taken']
      : [head(`chosen by ${result.validations.length} earlier weeks`), ...names.map((name) => rowOf(name, result.validations))]),
    '',
    head(`over ${result.folds.length} test periods`),
    ...names.map((name) => rowOf(name, result.folds)),
    '',
    head('trained from'),
    ...weeks,
    '',
  ].join('\n');
}

/** The same as data, for a file. */
export function reportJson(result: RunResult): object {
  const summary = (name: string): object => Object.fromEntries(MEASURES.map(([measure]) => [measure, over(result.folds, name, measure)]));
  const foldOf = ({ trainStartMs, ...rest }: FoldResult): object => ({ trainStart: dayOf(trainStartMs), ...rest });
  return {
    chosen: result.chosen,
    result: summary(result.chosen),
    candidates: Object.fromEntries(CANDIDATES.map((candidate) => [nameOf(candidate), summary(nameOf(candidate))])),
    folds: result.folds.map(foldOf),
    validations: result.validations.map(foldOf),
    rows: result.rows,
    frauds: result.frauds,
    features: result.features,
  };
}
