import { LanguageError, positionAt, underline } from '@skyeye/language';
import { nearestWord } from '@skyeye/foundation';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Scalar } from 'yaml';
import type { z } from 'zod';

/** Something wrong in a file of entries. Line and column count from 1. */
export interface FileMistake {
  readonly line: number;
  readonly column: number;
  /** Lower case, factual, with what was expected and the nearest name. */
  readonly message: string;
}

/** One entry being read: how its parts are found in the file again. */
export interface Place {
  readonly entry: Node;
  readonly document: Document.Parsed;
  readonly text: string;
  readonly lines: LineCounter;
  /** Fields that an entry may have. */
  readonly fields: readonly string[];
}

/** The entries of a file that is a list of them, or one alone; or why there are none. */
export function entriesOf(
  text: string,
  { fields, needed }: { readonly fields: readonly string[]; readonly needed: string },
): { readonly places: readonly Place[]; readonly mistakes: readonly FileMistake[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }): FileMistake => ({
    ...placeAt(lines, pos[0]),
    message: lowered(message),
  }));
  if (broken.length > 0) return { places: [], mistakes: broken };
  const { contents } = document;
  const entries = isSeq(contents) ? contents.items : isMap(contents) ? [contents] : [];
  if (entries.length === 0) return { places: [], mistakes: [{ line: 1, column: 1, message: `${needed} is needed here` }] };
  return { places: (entries as Node[]).map((entry) => ({ entry, document, text, lines, fields })), mistakes: [] };
}

/** What is wrong with the form of an entry, each at its own place. */
export function formMistakes(error: z.ZodError, place: Place): FileMistake[] {
  const { entry, lines, fields } = place;
  return error.issues.flatMap((issue): FileMistake[] => {
    const path = issue.path as (string | number)[];
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [null];
    return keys.map((key) => ({
      ...placeAt(lines, rangeOf(entry, key === null ? path : [...path, key], place)[0]),
      message:
        key === null
          ? `${path.join('.') || 'the entry'}: ${lowered(issue.message)}`
          : `an entry has no "${key}"${path.length > 0 ? ` in ${path.join('.')}` : ''}${meant(key, path, fields)}`,
    }));
  });
}

function meant(key: string, path: readonly (string | number)[], fields: readonly string[]): string {
  const near = path.length === 0 ? nearestWord(key, fields) : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/**
 * A mistake inside a text of the language. When the text stands in the file as it is, the place is exact; in a folded or
 * escaped text it is where that text begins, and the message says where inside.
 */
export function languageMistake(error: LanguageError, source: string, path: readonly string[], place: Place): FileMistake {
  const [start, end] = rangeOf(place.entry, path, place);
  const inside = place.text.slice(start, end).indexOf(source);
  const words = error.message.replace(/^line \d+, column \d+: /, '');
  if (inside !== -1) return { ...placeAt(place.lines, start + inside + error.position.offset), message: words };
  return { ...placeAt(place.lines, start), message: `${error.message}\n${underline(source, error.position)}` };
}

export function placeAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where a value, or the key of one that is no entry's, stands in the file; the nearest thing around it when it is missing. */
export function rangeOf(entry: Node, path: readonly (string | number)[], place: Place): readonly [number, number] {
  let found: Node = entry;
  for (const step of path) {
    if (isAlias(found)) break;
    let next: unknown;
    if (isMap(found)) {
      const pair = found.items.find(({ key }) => isScalar(key) && key.value === step);
      next = pair?.value ?? pair?.key;
      const isKnown = found !== entry || typeof step !== 'string' || place.fields.includes(step);
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
