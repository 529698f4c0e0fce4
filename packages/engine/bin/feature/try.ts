import { KEY_TYPES } from '@skyeye/catalogue';
import { nearestWord } from '@skyeye/foundation';
import { tryFormula } from '../../src/analyst/index.ts';
import { FACT_OPTIONS, factsOf, formulaRefusal, print, readArguments, wordsNamed } from './arguments.ts';
import { Refusal } from './files.ts';
import { keyText, shownValue, timeText } from './look.ts';

const ROWS_SHOWN = 40;

/** `feature try '<formula>' --events f`: type, words, and its value at every event of the streams it reads. */
export function tryIt(argv: readonly string[]): number {
  const given = readArguments(argv, [...FACT_OPTIONS, 'key', 'on', 'of'], ['all']);
  const [source = ''] = wordsNamed(given.words, 'formula');
  const { key: keyType = 'person', on, of } = given.options;
  if (!(KEY_TYPES as readonly string[]).includes(keyType)) {
    const near = nearestWord(keyType, [...KEY_TYPES]);
    throw new Refusal(`--key ${keyType}: may be ${KEY_TYPES.join(', ')}${near === undefined ? '' : `; did you mean "${near}"?`}`);
  }
  const { trial, errors } = tryFormula(source, factsOf(given), { keyType, ...(on === undefined ? {} : { on: on.split(',') }) });
  if (trial === null) throw formulaRefusal(source, errors);
  const points = trial.points.filter(({ key }) => of === undefined || keyText(key) === of);
  const shown = given.flags.has('all') ? points : points.slice(-ROWS_SHOWN);
  const keys = new Set(points.map(({ key }) => key)).size;
  print([
    trial.printed,
    `${trial.type}; ${trial.says.zh}`,
    trial.says.en,
    '',
    `${points.length} evaluations for ${keys} ${keys === 1 ? 'key' : 'keys'} of kind ${keyType}${shown.length < points.length ? `; the last ${shown.length}, all with --all` : ''}`,
    ...shown.map(
      ({ event, key, value }) =>
        `${timeText(event.t)}  ${keyText(key).padEnd(12)}  ${shownValue(value, trial.formula.type).padEnd(12)}  ${event.id}`,
    ),
  ]);
  return 0;
}
