import type { ModelSignature } from '@skyeye/model';
import type { County } from './collect.ts';
import type { Measures } from './measure.ts';

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** The model's card: what it is for, what it was made from, what was measured, what it must not be used for. */
export function card(signature: ModelSignature, made: { readonly train: readonly County[]; readonly validate: readonly County[]; readonly trainRows: number; readonly measures: Measures; readonly command: string }): string {
  const { measures } = made;
  const counties = (list: readonly County[]): string => list.map(({ seed, residents, days, scams }) => `seed ${seed} (${residents} residents, ${days} d, ${scams})`).join('; ');
  return `# ${signature.name}/${signature.version}

**What it answers.** The probability that a person is being defrauded at this moment, from the live signals of the last two
hours, and which type of scam it would be. Its part in the score is set in the rules; levels, reasons and holds are decided
outside it, and it decides nothing about anybody alone.

**Inputs.** ${signature.inputs.length} numbers, transform \`${signature.transform}\`: two for each of ${signature.inputs.length / 2} features (fired lately; still fires).
No identifier, no name, no place goes in. Catalogue ${signature.catalogue}.

**Net.** Dense 48-24, a sigmoid and a softmax head (${signature.scams.length} types), cross-entropy with class weights, stopped by validation loss.

**Made from.** Simulated counties only, no real person's data. Training: ${counties(made.train)}: ${made.trainRows} judgements.
Measured on other seeds: ${counties(made.validate)}.
Made by \`${made.command}\`.

**Measured** on ${measures.examples} judgements, ${measures.positives} of them of persons in a scam script:

| | |
|---|---|
| AUC, model | ${measures.auc.toFixed(3)} |
| AUC, rules alone, same judgements | ${measures.rulesAuc.toFixed(3)} |
${measures.at.map(({ threshold, precision, recall }) => `| at ${threshold}: precision / recall | ${percent(precision)} / ${percent(recall)} |`).join('\n')}
| type right, of those in a script | ${percent(measures.typeRight)} |

| said | judgements | mean said | true share |
|---|---|---|---|
${measures.calibration.map(({ from, count, said, true: real }) => `| ${from.toFixed(1)}–${(from + 0.2).toFixed(1)} | ${count} | ${percent(said)} | ${percent(real)} |`).join('\n')}

| script | | judgements | mean | over 0.5 |
|---|---|---|---|---|
${measures.perScript.map(({ script, label, count, mean, over }) => `| ${script} | ${label} | ${count} | ${mean.toFixed(2)} | ${percent(over)} |`).join('\n')}

**Limits.** The scripts are ours, and so the figures say how well the model knows our scripts, not how well it finds fraud in a
real county. Scams are far more frequent in training than in life, so the probability is a ranking with the class weights in it,
not a rate. It judges judgements, not persons: one person counts many times. Before it may weigh more than the rules it must be
measured on coded results (误报 and 劝阻) of a real county, by age and sex.
`;
}
