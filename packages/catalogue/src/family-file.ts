import { diagnoseFormula, LanguageError, parseFire, positionAt, underline } from '@skyeye/language';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Scalar } from 'yaml';
import { nearestWord, SkyeyeError } from '@skyeye/foundation';
import { featureEntry, type FeatureEntry } from './entry.ts';
import { languageSchema } from './language-schema.ts';
import { readTrigger } from './trigger.ts';

/** Something wrong in a file of features. Line and column count from 1. */
export interface FileMistake {
  readonly line: number;
  readonly column: number;
  /** Lower case, factual, with what was expected and the nearest name. */
  readonly message: string;
}

export interface FamilyFile {
  /** The entries without a mistake, in the order of the file. */
  readonly features: readonly FeatureEntry[];
  readonly mistakes: readonly FileMistake[];
}

/** One entry being read: how its parts are found in the file again. */
interface Place {
  readonly entry: Node;
  readonly document: Document.Parsed;
  readonly text: string;
  readonly lines: LineCounter;
}

/**
 * Reads a file of features, `features/<family>.yaml` or one entry alone, and finds every mistake in it: of the YAML, of the
 * form of an entry, of formulas, triggers and fire conditions, an id twice. Cost: linear in the text.
 */
export function readFamilyFile(text: string): FamilyFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }): FileMistake => ({
    ...placeAt(lines, pos[0]),
    message: lowered(message),
  }));
  if (broken.length > 0) return { features: [], mistakes: broken };
  const { contents } = document;
  const entries = isSeq(contents) ? contents.items : isMap(contents) ? [contents] : [];
  if (entries.length === 0) return { features: [], mistakes: [{ line: 1, column: 1, message: 'a list of features is needed here' }] };
  const features: FeatureEntry[] = [];
  const mistakes: FileMistake[] = [];
  const ids = new Map<string, number>();
  for (const entry of entries as Node[]) {
    const place: Place = { entry, document, text, lines };
    const found = readEntry(place);
    const { line, column } = placeAt(lines, rangeOf(entry, ['id'], place)[0]);
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
  const { entry, document, lines } = place;
  const read = featureEntry.safeParse(entry.toJS(document));
  if (!read.success) {
    const mistakes = read.error.issues.flatMap((issue): FileMistake[] => {
      const path = issue.path as (string | number)[];
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [null];
      return keys.map((key) => ({
        ...placeAt(lines, rangeOf(entry, key === null ? path : [...path, key], place)[0]),
        message:
          key === null
            ? `${path.join('.') || 'the entry'}: ${lowered(issue.message)}`
            : `an entry has no "${key}"${path.length > 0 ? ` in ${path.join('.')}` : ''}${meant(key, path)}`,
      }));
    });
    return { feature: null, mistakes };
  }
  return { feature: read.data, mistakes: languageMistakes(read.data, place) };
}

const FIELDS = Object.keys(featureEntry.shape);

function meant(key: string, path: readonly (string | number)[]): string {
  const near = path.length === 0 ? nearestWord(key, FIELDS) : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** Mistakes of the trigger, the formula and the fire condition, each at its own place in the file. */
function languageMistakes({ trigger, formula, fires }: FeatureEntry, place: Place): FileMistake[] {
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
  const { errors } = diagnoseFormula(formula, { schema: languageSchema, ...(triggers === undefined ? {} : { triggers }) });
  for (const error of errors) mistakes.push(formulaMistake(error, formula, ['formula'], place));
  try {
    parseFire(fires.when);
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    mistakes.push(formulaMistake(error, fires.when, ['fires', 'when'], place));
  }
  return mistakes;
}

/**
 * A mistake inside a text of the language. When the text stands in the file as it is, the place is exact; in a folded or
 * escaped text it is where that text begins, and the message says where inside.
 */
function formulaMistake(error: LanguageError, source: string, path: readonly string[], place: Place): FileMistake {
  const [start, end] = rangeOf(place.entry, path, place);
  const inside = place.text.slice(start, end).indexOf(source);
  const words = error.message.replace(/^line \d+, column \d+: /, '');
  if (inside !== -1) return { ...placeAt(place.lines, start + inside + error.position.offset), message: words };
  return { ...placeAt(place.lines, start), message: `${error.message}\n${underline(source, error.position)}` };
}

function placeAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where a value, or the key of one that is no entry's, stands in the file; the nearest thing around it when it is missing. */
function rangeOf(entry: Node, path: readonly (string | number)[], place: Place): readonly [number, number] {
  let found: Node = entry;
  for (const step of path) {
    if (isAlias(found)) break;
    let next: unknown;
    if (isMap(found)) {
      const pair = found.items.find(({ key }) => isScalar(key) && key.value === step);
      next = pair?.value ?? pair?.key;
      const isKnown = found !== entry || typeof step !== 'string' || FIELDS.includes(step);
      if (pair !== undefined && !isKnown) next = pair.key;
    } else if (isSeq(found)) next = found.items[Number(step)];
    if (next === undefined || next === null || typeof next !== 'object') break;
    found = next as Node;
  }
  const range = (found as Scalar).range;
  return range === null || range === undefined ? [0, place.text.length] : [range[0], range[1]];
}

function lowered(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}

/** `file:line:column: message`, the line and a caret, as compilers print it. */
export function formatMistake(path: string, text: string, { line, column, message }: FileMistake): string {
  const [first = '', ...rest] = message.split('\n');
  const shown = rest.length > 0 ? rest.join('\n') : underline(text, { ...positionAt(text, 0), line, column });
  return `${path}:${line}:${column}: ${first}\n${shown}`;
}
