/** Population stability index of one input: how far its values now are from what they were in training. */
export interface InputDrift {
  readonly input: string;
  readonly psi: number;
  readonly state: 'stable' | 'watch' | 'drifted';
}

/** Below 0.1 a population is called stable, above 0.25 another one (Siddiqi 2006). */
export const PSI_WATCH = 0.1;
export const PSI_DRIFTED = 0.25;

/** Σ (now − then) · ln(now / then) over bins; each with half a case added, so that an empty bin is no infinity. */
export function psi(then: readonly number[], now: readonly number[]): number {
  const share = (counts: readonly number[]): number[] => {
    const whole = counts.reduce((sum, count) => sum + count, 0) + 0.5 * counts.length;
    return counts.map((count) => (count + 0.5) / whole);
  };
  const [a, b] = [share(then), share(now)];
  return a.reduce((sum, before, bin) => sum + ((b[bin] ?? before) - before) * Math.log((b[bin] ?? before) / before), 0);
}

/** Counts by input: silent (0), fading (below ¾), fresh. What a model's input can be, in the form that is kept for the next night. */
export type InputCounts = Readonly<Record<string, readonly [silent: number, fading: number, fresh: number]>>;

/** Bins the rows of a model's input. Cost: rows × inputs. */
export function countInputs(rows: Float32Array, inputs: readonly string[]): InputCounts {
  const counts = inputs.map((): [number, number, number] => [0, 0, 0]);
  for (let at = 0; at < rows.length; at++) {
    const own = counts[at % inputs.length];
    const value = rows[at] ?? 0;
    if (own !== undefined) own[value === 0 ? 0 : value < 0.75 ? 1 : 2] += 1;
  }
  return Object.fromEntries(inputs.map((input, at) => [input, counts[at] ?? [0, 0, 0]]));
}

/** Every input that both have, the farthest first. Fewer than 100 rows now: nothing is said. */
export function inputDrift(then: InputCounts, now: InputCounts): InputDrift[] {
  return Object.entries(now)
    .flatMap(([input, counts]): InputDrift[] => {
      const before = then[input];
      if (before === undefined || counts.reduce((sum, count) => sum + count, 0) < ROWS_MIN) return [];
      const value = psi(before, counts);
      return [{ input, psi: value, state: value > PSI_DRIFTED ? 'drifted' : value > PSI_WATCH ? 'watch' : 'stable' }];
    })
    .toSorted((a, b) => b.psi - a.psi || (a.input < b.input ? -1 : 1));
}
const ROWS_MIN = 100;

/** What was said and what came of it. */
export interface Judged {
  /** Probability that was said. */
  readonly said: number;
  readonly fraud: boolean;
  readonly weight: number;
  /** Its scam type, and each source that it rested on. */
  readonly groups: readonly string[];
}

export interface CalibrationDrift {
  readonly group: string;
  readonly cases: number;
  readonly said: number;
  readonly real: number;
  /** Deviations between them. */
  readonly z: number;
  readonly drifted: boolean;
}

const CASES_MIN = 20;
/** Some forty groups are looked at each night: three deviations give a false alarm every few weeks. */
const Z_DRIFTED = 3.3;

/** Said against real by group: "0.8" must mean eight of ten for each scam type and each source, not on average only. Widest first. */
export function calibrationDrift(judged: readonly Judged[]): CalibrationDrift[] {
  const groups = new Map<string, Judged[]>();
  for (const one of judged) for (const group of ['all', ...one.groups]) groups.set(group, [...(groups.get(group) ?? []), one]);
  return [...groups]
    .map(([group, own]) => {
      const whole = own.reduce((sum, { weight }) => sum + weight, 0);
      const said = own.reduce((sum, one) => sum + one.weight * one.said, 0) / whole;
      const real = own.reduce((sum, one) => sum + one.weight * Number(one.fraud), 0) / whole;
      const spread = Math.sqrt(own.reduce((sum, one) => sum + one.weight ** 2 * Math.max(0.01, one.said * (1 - one.said)), 0)) / whole;
      const z = (real - said) / spread;
      return { group, cases: own.length, said, real, z, drifted: own.length >= CASES_MIN && Math.abs(z) > Z_DRIFTED };
    })
    .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.group < b.group ? -1 : 1));
}
