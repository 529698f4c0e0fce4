import { existsSync } from 'node:fs';
import { formatMistake, readFamilyFile, type Feature } from '@skyeye/catalogue';
import { diff as compared, withFormula, type Comparison } from '../../src/analyst/index.ts';
import { featureOf } from '../../src/analyst/check.ts';
import { FACT_OPTIONS, factsOf, featureNamed, formulaRefusal, print, readArguments, wordsNamed } from './arguments.ts';
import { readText, Refusal } from './files.ts';
import { keyText, shownValue, timeText } from './look.ts';

const ROWS_SHOWN = 40;

/** `feature diff <old> <new> --events f`: 0 the same everywhere, 1 they differ. */
export function diff(argv: readonly string[]): number {
  const given = readArguments(argv, FACT_OPTIONS, ['all']);
  const [old = '', now = ''] = wordsNamed(given.words, 'old', 'new');
  const [before, after] = [versionsOf(old), versionsOf(now)];
  const pairs = pairsOf(before, after);
  const facts = factsOf(given);
  const lines: string[] = [];
  let differs = false;
  for (const [a, b] of pairs) {
    const found = compared(a, b, facts);
    differs ||= found.differences.length > 0;
    lines.push(...comparisonLines(a, b, found, given.flags.has('all')));
  }
  print(lines);
  return differs ? 1 : 0;
}

/** `file.yaml`, `id`, or `id@formula`. */
function versionsOf(name: string): readonly Feature[] {
  const at = name.indexOf('@');
  if (/^[a-z][a-z0-9_]+$/.test(name)) return [featureNamed(name)];
  if (at > 0 && !existsSync(name)) {
    const source = name.slice(at + 1);
    const { feature, errors } = withFormula(featureNamed(name.slice(0, at)), source);
    if (feature === null) throw formulaRefusal(source, errors);
    return [feature];
  }
  const text = readText(name);
  const { features, mistakes } = readFamilyFile(text);
  if (mistakes.length > 0) throw new Refusal(mistakes.map((mistake) => formatMistake(name, text, mistake)).join('\n\n'));
  return features.map(featureOf);
}

function pairsOf(before: readonly Feature[], after: readonly Feature[]): readonly (readonly [Feature, Feature])[] {
  const [a, b] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1 && a !== undefined && b !== undefined) {
    if (a.keyedBy !== b.keyedBy)
      throw new Refusal(`${a.id} is keyed by ${a.keyedBy}, ${b.id} by ${b.keyedBy}: their values cannot be compared`);
    return [[a, b]];
  }
  const pairs = before.flatMap((old) => after.filter(({ id }) => id === old.id).map((now) => [old, now] as const));
  if (pairs.length === 0) throw new Refusal('the two have no feature of the same id');
  return pairs;
}

function comparisonLines(before: Feature, after: Feature, { evaluations, differences, fired }: Comparison, all: boolean): string[] {
  const name = before.id === after.id ? before.id : `${before.id} and ${after.id}`;
  const shown = all ? differences : differences.slice(0, ROWS_SHOWN);
  const side = (of: Feature, at: (typeof differences)[number]['before']): string =>
    at === undefined ? 'not evaluated' : `${shownValue(at.value, of.valueType)}${at.fires ? ' FIRES' : ''}`;
  return [
    `${name}: ${differences.length === 0 ? 'the same' : `${differences.length} differ`} in ${evaluations} evaluations`,
    `  fires ${fired.before[0]} times for ${fired.before[1]} keys before, ${fired.after[0]} times for ${fired.after[1]} keys after`,
    ...shown.map(
      (one) => `  ${timeText(one.t)}  ${keyText(one.key)}  ${side(before, one.before)} → ${side(after, one.after)}  at ${one.eventId}`,
    ),
    ...(shown.length < differences.length ? [`  and ${differences.length - shown.length} more, all with --all`] : []),
  ];
}
