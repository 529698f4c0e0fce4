/** Where something stands in a formula. Lines and columns count from 1, the offset from 0, all in UTF-16 units. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface LanguageErrorDetails {
  readonly source: string;
  readonly offset: number;
  /** Lower case, factual: `no field "awnsered" in stream call`. */
  readonly problem: string;
  /** What could have stood here. */
  readonly expected?: readonly string[];
  /** The nearest existing name, when one is near. */
  readonly suggestion?: string | undefined;
}

/** A formula that cannot be read or does not make sense: the author's mistake, with the place. */
export class LanguageError extends Error {
  override readonly name = 'LanguageError';
  readonly position: Position;
  readonly problem: string;
  readonly expected: readonly string[];
  readonly suggestion: string | undefined;

  constructor({ source, offset, problem, expected = [], suggestion }: LanguageErrorDetails) {
    const position = positionAt(source, offset);
    const wanted = expected.length === 0 ? '' : `; expected ${listed(expected)}`;
    const near = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
    super(`line ${position.line}, column ${position.column}: ${problem}${wanted}${near}`);
    this.position = position;
    this.problem = problem;
    this.expected = expected;
    this.suggestion = suggestion;
  }
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, 12);
  const more = words.length > shown.length ? `, … (${words.length} in all)` : '';
  return (shown.length === 1 ? (shown[0] ?? '') : `one of ${shown.join(', ')}`) + more;
}

export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  const lines = before.split('\n');
  return { offset, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The message, the line it speaks of, and a caret below the place with the rest of the word underlined. */
export function formatError(source: string, error: LanguageError): string {
  return `${error.message}\n${underline(source, error.position)}`;
}

/** The line of a position, cut to what fits a terminal, and the caret below it. A wide character takes two columns. */
export function underline(source: string, { line, column }: Position): string {
  const text = (source.split('\n')[line - 1] ?? '').replaceAll('\t', ' ');
  const start = Math.max(0, column - 61);
  const shown = text.slice(start, start + 120);
  const before = text.slice(start, column - 1);
  const word = /^(?:\w+|&&|\|\||[=<>!]=)/.exec(shown.slice(column - 1 - start))?.[0] ?? '';
  return `  ${shown}\n  ${' '.repeat(before.length + (before.match(WIDE)?.length ?? 0))}^${'~'.repeat(Math.max(0, word.length - 1))}`;
}

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/g;
