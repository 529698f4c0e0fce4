import { fitCalibration } from '@skyeye/model';
import { coded } from './measures.ts';
import type { Run } from './run-county.ts';

/** Judgements of the first hours are of what was going on when the county began. */
const FROM_SHARE = 0.1;
/** Neighbouring points closer than this are one. */
const NEAR = 0.004;

/** Lines for `calibration` of policies/scoring.yaml: what a mixed score, and what the rules' alone, means in life. */
export function curves(runs: readonly Run[]): string[] {
  const all = coded(runs, FROM_SHARE);
  const line = (name: string, of: (one: (typeof all)[number]) => number, list: typeof all): string => {
    const { raw, calibrated } = fitCalibration(
      list.map(of),
      list.map(({ real }) => real),
      list.map(({ weight }) => weight),
    );
    const points = raw.map((from, at) => [from, calibrated[at] ?? 0] as const);
    const kept = points.filter(([from, to], at) => {
      const before = points[at - 1];
      return before === undefined || at === points.length - 1 || (from - before[0] >= NEAR && to > before[1]);
    });
    // Where nothing speaks against anybody there is no probability.
    return `  ${name}: [[0, 0], ${kept.map(([from, to]) => `[${from.toFixed(4)}, ${to.toFixed(5)}]`).join(', ')}]`;
  };
  return [
    `# ${all.length} judgements, ${all.reduce((sum, { real }) => sum + real, 0)} of them in a scam`,
    'calibration:',
    line(
      'mixed',
      ({ mixed }) => mixed,
      all.filter(({ model }) => model !== null),
    ),
    line('rules', ({ rules }) => rules, all),
  ];
}
