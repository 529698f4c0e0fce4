import { withCardRisk } from './card-risk.ts';
import { errors } from './errors.ts';
import { computeFeatures, type Matrix } from './features.ts';
import { CANDIDATES, LEARNERS, together, type Examples, type LearnerName } from './learners.ts';
import type { Mapping } from './mapping.ts';
import { aucRoc, averagePrecision, cardPrecision, deviationOf, meanOf, type Judged } from './metrics.ts';
import { DAY_MS, splitAt, type Periods } from './split.ts';
import type { Transactions } from './transactions.ts';

/** Cards looked at on a day. */
export const CARDS_PER_DAY = 100;
/** Rounds of the validation before the first training week by which the model is chosen. */
const VALIDATIONS = 2;

export interface RunOptions extends Periods {
  /** Training weeks, each `testDays` after the one before. */
  readonly folds: number;
  readonly seed: number;
  readonly onProgress?: (text: string) => void;
}

export interface Measures {
  readonly aucRoc: number;
  readonly averagePrecision: number;
  readonly cardPrecision: number;
}

/** A test period with the measures of each candidate by its name, and what a perfect ranking of the cards would reach. */
export interface FoldResult {
  readonly trainStartMs: number;
  readonly trainRows: number;
  readonly trainFrauds: number;
  readonly testRows: number;
  readonly testFrauds: number;
  readonly knownPayers: number;
  readonly cardPrecisionMax: number;
  readonly measures: Readonly<Record<string, Measures>>;
}

export interface RunResult {
  readonly features: readonly string[];
  readonly rows: number;
  readonly frauds: number;
  readonly validations: readonly FoldResult[];
  readonly folds: readonly FoldResult[];
  /** The candidate that the validations preferred. */
  readonly chosen: string;
}

export const nameOf = (candidate: readonly LearnerName[]): string => candidate.join(' + ');

/**
 * Trains and tests as the Fraud Detection Handbook does, week after week. The model is chosen once, by rounds of the same
 * kind whose last test day lies before the end of the first training period: no test label is looked at before the answer.
 * @throws BENCHMARK_TOO_FEW when a period has no payments, or a training period no fraud
 */
export async function runLabelled(table: Transactions, mapping: Mapping, options: RunOptions): Promise<RunResult> {
  const { startMs, trainDays, delayDays, testDays, folds, onProgress = () => {} } = options;
  const starts = Array.from({ length: folds }, (_, fold) => startMs + fold * testDays * DAY_MS);
  const back = Array.from({ length: VALIDATIONS }, (_, round) => startMs - (delayDays + testDays * (round + 1)) * DAY_MS);
  const validationStarts = back.filter((ms) => ms >= (table.timesMs[0] ?? Infinity) - DAY_MS).reverse();
  const fromMs = Math.min(...validationStarts, startMs);
  const toMs = (starts.at(-1) ?? startMs) + (trainDays + delayDays + testDays) * DAY_MS;
  const began = performance.now();
  const matrix = computeFeatures(table, mapping, { fromMs, toMs, delayMs: delayDays * DAY_MS });
  onProgress(`${matrix.names.length} features of ${matrix.values.length / matrix.names.length} payments: ${seconds(began)} s`);
  const at = async (ms: number): Promise<FoldResult> => {
    const started = performance.now();
    const result = await fold(table, matrix, { startMs: ms, trainDays, delayDays, testDays }, options.seed);
    const shown = Object.entries(result.measures).map(
      ([name, one]) => `${name} ${one.aucRoc.toFixed(3)}/${one.averagePrecision.toFixed(3)}/${one.cardPrecision.toFixed(3)}`,
    );
    onProgress(`train ${dayOf(ms)}: ${seconds(started)} s; ${shown.join(', ')}`);
    return result;
  };
  const validations: FoldResult[] = [];
  for (const ms of validationStarts) validations.push(await at(ms));
  const chosen = validations.length === 0 ? nameOf(CANDIDATES[0] ?? []) : chosenBy(validations);
  const results: FoldResult[] = [];
  for (const ms of starts) results.push(await at(ms));
  return {
    features: matrix.names,
    rows: table.timesMs.length,
    frauds: table.labels.reduce((sum, label) => sum + label, 0),
    validations,
    folds: results,
    chosen,
  };
}

/** By average precision plus card precision, in the mean of the rounds; the earlier candidate wins a tie. */
function chosenBy(validations: readonly FoldResult[]): string {
  const worth = (name: string): number =>
    meanOf(validations.map(({ measures }) => (measures[name]?.averagePrecision ?? 0) + (measures[name]?.cardPrecision ?? 0)));
  return CANDIDATES.map(nameOf).reduce((best, name) => (worth(name) > worth(best) ? name : best));
}

async function fold(table: Transactions, matrix: Matrix, periods: Periods, seed: number): Promise<FoldResult> {
  const split = splitAt(table, periods);
  const labelsOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => table.labels[row] as number);
  const train: Examples = { rows: rowsOf(matrix, split.train), labels: labelsOf(split.train) };
  const frauds = train.labels.reduce((sum, label) => sum + label, 0);
  const facts = { trainStart: dayOf(periods.startMs), trainRows: split.train.length, trainFrauds: frauds, testRows: split.test.length };
  if (frauds === 0 || frauds === train.labels.length || split.test.length === 0) throw errors.tooFew(facts);
  const test = rowsOf(matrix, split.test);
  const answers = new Map<LearnerName, Float64Array>();
  for (const [name, learner] of Object.entries(LEARNERS) as [LearnerName, (typeof LEARNERS)[LearnerName]][])
    answers.set(name, await learner(train, test, { names: matrix.names, seed }));
  const judged = {
    labels: labelsOf(split.test),
    cards: Int32Array.from(split.test, (row) => table.payers[row] as number),
    days: split.testDay,
  };
  const measuresOf = (candidate: readonly LearnerName[]): Measures =>
    measured({ ...judged, scores: withCardRisk(together(candidate.map((name) => answers.get(name) ?? new Float64Array(0))), judged) });
  return {
    trainStartMs: periods.startMs,
    trainRows: split.train.length,
    trainFrauds: frauds,
    testRows: split.test.length,
    testFrauds: judged.labels.reduce((sum, label) => sum + label, 0),
    knownPayers: split.known,
    cardPrecisionMax: measured({ ...judged, scores: judged.labels }).cardPrecision,
    measures: Object.fromEntries(CANDIDATES.map((candidate) => [nameOf(candidate), measuresOf(candidate)])),
  };
}

function measured(judged: Judged): Measures {
  return { aucRoc: aucRoc(judged), averagePrecision: averagePrecision(judged), cardPrecision: cardPrecision(judged, CARDS_PER_DAY).mean };
}

function rowsOf({ names, values, placeOf }: Matrix, rows: Int32Array): Float32Array {
  const width = names.length;
  const out = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) {
    const place = placeOf[row] as number;
    out.set(values.subarray(place * width, (place + 1) * width), at * width);
  }
  return out;
}

/** Mean and deviation over the folds of one candidate's measure. */
export function over(
  folds: readonly FoldResult[],
  candidate: string,
  measure: keyof Measures,
): { readonly mean: number; readonly deviation: number } {
  const values = folds.map(({ measures }) => measures[candidate]?.[measure] ?? Number.NaN);
  return { mean: meanOf(values), deviation: deviationOf(values) };
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** A county day as YYYY-MM-DD. */
export const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
