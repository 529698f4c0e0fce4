import type { ModelSignature } from '@skyeye/model';
import type { County } from './collect.ts';
import type { Compared } from './compare.ts';
import { LEARNER_SAYS, type LearnerName } from './learners.ts';
import type { Measures } from './measure.ts';
import type { Parts } from './split.ts';

const percent = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : '–');
const digits = (value: number, count = 3): string => (Number.isFinite(value) ? value.toFixed(count) : '–');
const yuan = (fen: number): string => Math.round(fen / 100).toLocaleString('en');

export interface Made {
  readonly counties: { readonly train: readonly County[]; readonly fit: readonly County[]; readonly test: readonly County[] };
  readonly parts: Parts;
  readonly table: readonly Compared[];
  readonly chosen: LearnerName;
  readonly abstained: number;
  readonly command: string;
  readonly date: string;
  readonly seed: number;
  readonly trainingDay: number;
  readonly delayDays: number;
  readonly openCases: 'drop' | 'follow';
}

const ANSWERS = {
  person:
    'The probability that a person is being defrauded at this moment, from the live signals of the last two hours, which type of scam\nit would be, and the money expected to leave within the hour.',
  account:
    'The probability that an account takes or passes on the money of victims (first card, transit, cash-out), from what fired for it\nwithin a day.',
  number: 'The probability that a number that calls belongs to scammers, from what fired for it within a day.',
} as const;

/** The comparison as the command prints it and the card keeps it. */
export function comparison(table: readonly Compared[], chosen: LearnerName): string {
  return `| learner | AP, choosing | behind the best (95 %) | AP, later | AUC | log loss | ECE | type right | µs/row | training |
|---|---|---|---|---|---|---|---|---|---|
${table
  .map(({ name, trained, fitPrecision, behind, test, microsPerRow }) => {
    const marked = name === chosen ? `**${name}**` : name;
    return `| ${marked} | ${digits(fitPrecision)} | ${digits(behind.mean, 4)} (${digits(behind.low, 4)} to ${digits(behind.high, 4)}) | ${digits(test.averagePrecision)} | ${digits(test.auc)} | ${digits(test.logLoss)} | ${digits(test.ece, 4)} | ${percent(test.typeRight)} | ${digits(microsPerRow, 0)} | ${digits(trained.seconds, 0)} s |`;
  })
  .join('\n')}
| weights of the catalogue alone | | | ${digits(table[0]?.test.rulesAveragePrecision ?? Number.NaN)} | ${digits(table[0]?.test.rulesAuc ?? Number.NaN)} | | | | | |
`;
}

/** The model's card: what it is for, what it was made from, what was measured, what it must not be used for. */
export function card(signature: ModelSignature, made: Made): string {
  const { parts, table, chosen } = made;
  const measures = table.find(({ name }) => name === chosen)?.test as Measures;
  const howOften = ({ scams, everyMs, times }: County): string =>
    scams === 'dense'
      ? `a victim's payment every ${everyMs / 60_000} min`
      : times === undefined
        ? scams
        : `scams ${times} times as frequent as in life`;
  const differs = ({ amounts, silent }: County): string =>
    `${amounts === undefined ? '' : `, amounts × ${amounts.join(' to ')}`}${silent === undefined ? '' : `, without ${silent.join(', ')}`}`;
  const counties = (list: readonly County[]): string =>
    list
      .map((county) => `seed ${county.seed} (${county.residents} residents, ${county.days} d, ${howOften(county)}${differs(county)})`)
      .join('; ');
  const { times } = made.counties.test[0] ?? {};
  const subject = signature.subject ?? 'person';
  const loss = measures.lossHourFen;
  return `# ${signature.name}/${signature.version}

Made ${made.date}, seed ${made.seed}, by \`${made.command}\`.

**What it answers.** ${ANSWERS[subject]}
Levels, reasons and holds are decided outside it, and it decides nothing about anybody alone.

**Inputs.** ${signature.inputs.length} numbers, transform \`${signature.transform}\`: for a feature whether it fired lately and whether it still fires; features that
fired in fewer than 20 training rows are left out. No identifier, no name, no place, no age, no sex goes in as such.
Catalogue ${signature.catalogue}.

**Learner.** ${chosen}: ${LEARNER_SAYS[chosen]}. Isotonic calibration; between ${table[0]?.calibration.abstain?.from} and ${table[0]?.calibration.abstain?.to} it abstains (${percent(made.abstained)} of later judgements).

**Made from.** Simulated counties only, no real person's data. Day of training: day ${made.trainingDay} of each county; feedback ${made.delayDays} d late, so that
only older judgements have a label; ${parts.open} belonged to scripts that still ran and were ${made.openCases === 'drop' ? 'not used' : 'followed to their end'}. ${
    times === undefined
      ? 'Class weights make both classes count the same.'
      : `Judgements are weighed back to life: of somebody in an innocent script 5, of everybody who is in none ${times}, against 1 of a
victim; while it is fitted at most 8. Average precision, calibration and what is measured below have those weights.`
  }
Training: ${counties(made.counties.train)}: ${parts.train.length} judgements.
Choosing and calibrating: ${counties(made.counties.fit)}: ${parts.fit.length} judgements.
Measured after the day of training in counties used for nothing else: ${counties(made.counties.test)}.

**Compared.** The simplest whose average precision (AP) is not behind the best beyond chance (100 draws of ${subject}s) is taken; the net is
not monotone in the evidence and cannot be.

${comparison(table, chosen)}
**Measured** on ${measures.examples} later judgements, ${measures.positives} of them of the ${measures.subjects} ${subject}s in a scam:

| | |
|---|---|
| AUC / average precision | ${digits(measures.auc)} / ${digits(measures.averagePrecision)} |
| expected calibration error, ten bins | ${digits(measures.ece, 4)} |
${measures.at.map(({ threshold, precision, recall }) => `| at ${threshold}: precision / recall | ${percent(precision)} / ${percent(recall)} |`).join('\n')}
${signature.scams.length === 0 ? '' : `| type right, of those in a script | ${percent(measures.typeRight)} |\n`}${loss === null ? '' : `| loss within the hour, said / left, all judgements | ${yuan(loss.said)} / ${yuan(loss.left)} yuan |\n`}
| said | judgements | mean said | true share |
|---|---|---|---|
${measures.calibration.map(({ from, count, said, true: real }) => `| ${from.toFixed(1)}–${(from + 0.2).toFixed(1)} | ${count} | ${percent(said)} | ${percent(real)} |`).join('\n')}

| script | | judgements | mean | over 0.5 |
|---|---|---|---|---|
${measures.perScript.map(({ script, label, count, mean, over }) => `| ${script} | ${label} | ${count} | ${mean.toFixed(2)} | ${percent(over)} |`).join('\n')}

${
  measures.groups.length === 0
    ? ''
    : `| group | | judgements | in a scam | AUC | over 0.5 though in none | over 0.5 of those in one | ECE |
|---|---|---|---|---|---|---|---|
${measures.groups.map(({ by, name, count, positives, auc, falseShare, foundShare, ece }) => `| ${by} | ${name} | ${count} | ${positives} | ${digits(auc)} | ${percent(falseShare)} | ${percent(foundShare)} | ${digits(ece)} |`).join('\n')}
`
}
**Limits.** The scripts are ours, and so the figures say how well the model knows our scripts, not how well it finds fraud in a
real county. ${times === undefined ? 'Scams are far more frequent in these counties than in life; the probability means what it says at that frequency and' : 'The probability means what it says where scams are as frequent as we believe they are in life (40 a day per million residents), and'}
must be calibrated again on coded results (误报 and 劝阻). It judges judgements, not ${subject}s: one counts many times.
${subject === 'person' ? 'The simulated counties have no residents who moved in from elsewhere, so nothing is known about them. ' : ''}Before it may weigh more than the rules it must be measured on a real county.
`;
}
