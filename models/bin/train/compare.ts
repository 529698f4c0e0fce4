import { calibrate, fitCalibration, type Calibration, type Predictions } from '@skyeye/model';
import { trainingSet, type Example } from './collect.ts';
import { LEARNERS, trainLearner, type LearnerName, type LearnerOptions, type Trained } from './learners.ts';
import { averagePrecision, measure, type Measures } from './measure.ts';
import type { Parts } from './split.ts';

/** Answers that are wrong four times in ten whichever way one reads them are none (Chow 1970). */
const ABSTAIN = { from: 0.4, to: 0.6 } as const;
const DRAWS = 100;

export interface Compared {
  readonly name: LearnerName;
  readonly trained: Trained;
  readonly calibration: Calibration;
  /** Average precision on the part that chooses, and how far behind the best: mean and 95 % of 100 draws of subjects. */
  readonly fitPrecision: number;
  readonly behind: { readonly mean: number; readonly low: number; readonly high: number };
  /** On later time, in counties of their own, calibrated; looked at after the choice. */
  readonly test: Measures;
  readonly microsPerRow: number;
}

/** Trains and measures all learners on the same judgements, and names the simplest that is not worse than the best beyond chance. */
export async function compare(
  parts: Parts,
  options: Omit<LearnerOptions, 'train' | 'fit'> & { readonly learners?: readonly LearnerName[] },
): Promise<{ readonly table: readonly Compared[]; readonly chosen: LearnerName }> {
  const width = options.signature.inputs.length;
  const [train, fit, test] = [trainingSet(parts.train, width), trainingSet(parts.fit, width), trainingSet(parts.test, width)];
  const measured: (Omit<Compared, 'behind'> & { fitAnswers: Float32Array })[] = [];
  for (const name of options.learners ?? LEARNERS) {
    const trained = await trainLearner(name, { ...options, train, fit });
    const fitAnswers = (await trained.model.predict(fit.rows)).probabilities;
    const calibration = {
      ...fitCalibration(
        fitAnswers,
        fit.labels,
        parts.fit.map(({ weight }) => weight),
      ),
      abstain: ABSTAIN,
    };
    const startedMs = performance.now();
    const raw = await trained.model.predict(test.rows);
    const microsPerRow = ((performance.now() - startedMs) * 1000) / Math.max(1, parts.test.length);
    measured.push({
      name,
      trained,
      calibration,
      fitAnswers,
      microsPerRow,
      fitPrecision: averagePrecision(pairsOf(parts.fit, fitAnswers)),
      test: measure(parts.test, calibrated(raw, calibration)),
    });
    console.log(`  ${name}: ${trained.seconds.toFixed(0)} s, average precision ${measured.at(-1)?.fitPrecision.toFixed(4)}`);
  }
  const best = measured.reduce((most, one) => (one.fitPrecision > most.fitPrecision ? one : most));
  const table = measured.map(({ fitAnswers, ...one }) => ({
    ...one,
    behind: one.name === best.name ? { mean: 0, low: 0, high: 0 } : behindOf(parts.fit, best.fitAnswers, fitAnswers),
  }));
  // The net is not monotone in the evidence, which a model that is released must be.
  const fitting = table.filter(({ name }) => name !== 'net');
  const leading = fitting.reduce((most, one) => (one.fitPrecision > most.fitPrecision ? one : most), fitting[0] ?? (table[0] as Compared));
  return { table, chosen: fitting.find(({ behind }) => behind.low <= 0)?.name ?? leading.name };
}

export function calibrated({ probabilities, ...rest }: Predictions, calibration: Calibration): Predictions {
  return { ...rest, probabilities: probabilities.map((answer) => calibrate(calibration, answer)) };
}

const pairsOf = (examples: readonly Example[], answers: Float32Array): [number, boolean, number][] =>
  examples.map(({ scam, weight }, index) => [answers[index] ?? 0, scam !== null, weight]);

/** Subjects are drawn, not judgements: those of one person are alike. */
function behindOf(examples: readonly Example[], best: Float32Array, other: Float32Array): Compared['behind'] {
  const bySubject = [...Map.groupBy(examples.keys(), (index) => examples[index]?.subject ?? '').values()];
  let state = 20_260_916;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const gaps = Array.from({ length: DRAWS }, () => {
    const drawn = bySubject.flatMap(() => bySubject[Math.floor(random() * bySubject.length)] ?? []);
    const of = (answers: Float32Array): number =>
      averagePrecision(drawn.map((index) => [answers[index] ?? 0, examples[index]?.scam !== null, examples[index]?.weight ?? 1]));
    return of(best) - of(other);
  }).toSorted((a, b) => a - b);
  return {
    mean: gaps.reduce((sum, gap) => sum + gap, 0) / DRAWS,
    low: gaps[Math.floor(DRAWS * 0.025)] ?? 0,
    high: gaps[Math.ceil(DRAWS * 0.975) - 1] ?? 0,
  };
}
