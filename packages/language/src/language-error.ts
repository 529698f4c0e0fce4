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

/** The message, the line it speaks of and a caret below the place. */
export function formatError(source: string, error: LanguageError): string {
  const text = source.split('\n')[error.position.line - 1] ?? '';
  const start = Math.max(0, error.position.column - 61);
  const shown = text.slice(start, start + 120);
  return `${error.message}\n  ${shown}\n  ${' '.repeat(error.position.column - 1 - start)}^`;
}
