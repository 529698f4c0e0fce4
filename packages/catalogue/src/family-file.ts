import { diagnoseFormula, LanguageError, parseFire } from '@skyeye/language';
import { nearestWord, SkyeyeError } from '@skyeye/foundation';
import { featureEntry, type FeatureEntry } from './entry.ts';
import { languageSchema } from './language-schema.ts';
import { readTrigger } from './trigger.ts';
import { entriesOf, formMistakes, languageMistake, placeAt, rangeOf, type FileMistake, type Place } from './yaml-place.ts';

export interface FamilyFile {
  /** The entries without a mistake, in the order of the file. */
  readonly features: readonly FeatureEntry[];
  readonly mistakes: readonly FileMistake[];
}

/**
 * Reads a file of features, `features/<family>.yaml` or one entry alone, and finds every mistake in it: of the YAML, of the
 * form of an entry, of formulas, triggers and fire conditions, an id twice. Cost: linear in the text.
 */
export function readFamilyFile(text: string): FamilyFile {
  const { places, mistakes: broken } = entriesOf(text, { fields: FIELDS, needed: 'a list of features' });
  if (broken.length > 0) return { features: [], mistakes: broken };
  const features: FeatureEntry[] = [];
  const mistakes: FileMistake[] = [];
  const ids = new Map<string, number>();
  for (const place of places) {
    const found = readEntry(place);
    const { line, column } = placeAt(place.lines, rangeOf(place.entry, ['id'], place)[0]);
    if (found.feature !== null) {
      const first = ids.get(found.feature.id);
      if (first === undefined) ids.set(found.feature.id, line);
      else found.mistakes.push({ line, column, message: `the id "${found.feature.id}" stands in line ${first} already` });
    }
    mistakes.push(...found.mistakes);
    if (found.feature !== null && found.mistakes.length === 0) features.push(found.feature);
  }
  return { features, mistakes };
}

function readEntry(place: Place): { readonly feature: FeatureEntry | null; readonly mistakes: FileMistake[] } {
  const { entry, document } = place;
  const read = featureEntry.safeParse(entry.toJS(document));
  if (!read.success) return { feature: null, mistakes: formMistakes(read.error, place) };
  return { feature: read.data, mistakes: languageMistakes(read.data, place) };
}

const FIELDS = Object.keys(featureEntry.shape);

/** Mistakes of the trigger, the formula and the fire condition, each at its own place in the file. */
function languageMistakes({ trigger, formula, fires, keyedBy }: FeatureEntry, place: Place): FileMistake[] {
  const mistakes: FileMistake[] = [];
  let triggers: string[] | undefined;
  try {
    triggers = readTrigger(trigger).triggers.map(({ stream }) => stream);
  } catch (error) {
    if (!(error instanceof SkyeyeError)) throw error;
    const { entry, lines } = place;
    const names = [...Object.keys(languageSchema.streams), ...Object.keys(languageSchema.aliases)];
    const name = String(error.facts['trigger'] ?? trigger);
    const near = nearestWord(name.replace(/\[.*$/, ''), names);
    mistakes.push({
      ...placeAt(lines, rangeOf(entry, ['trigger'], place)[0]),
      message: `trigger "${name}": there is no such stream; expected streams such as call, fund[dir=out] or timer:30s, separated by ";"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    });
  }
  const { errors } = diagnoseFormula(formula, {
    schema: languageSchema,
    keyType: keyedBy,
    ...(triggers === undefined ? {} : { triggers }),
  });
  for (const error of errors) mistakes.push(languageMistake(error, formula, ['formula'], place));
  try {
    parseFire(fires.when);
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    mistakes.push(languageMistake(error, fires.when, ['fires', 'when'], place));
  }
  return mistakes;
}
