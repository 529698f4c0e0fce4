import { LanguageError } from './language-error.ts';
import { LIMITS } from './limits.ts';

export type Token =
  | { readonly kind: 'number'; readonly value: number; readonly whole: boolean; readonly text: string; readonly at: number }
  | { readonly kind: 'fen' | 'duration' | 'workingDays'; readonly value: number; readonly text: string; readonly at: number }
  | { readonly kind: 'name' | 'operator'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Units as people write them elsewhere. A week is left out: nobody knows whether it has five days or seven. */
const UNITS_MEANT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    ms: 'msec millis',
    s: 'sec secs second seconds',
    m: 'min mins minute minutes',
    h: 'hr hrs hour hours',
    d: 'day days',
    y: 'yuan rmb cny',
  }).flatMap(([unit, words]) => [unit, ...words.split(' ')].map((word) => [word, unit])),
);
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)(ms|wd|s|m|h|d|y)?(?![A-Za-z0-9_])|([A-Za-z_][A-Za-z0-9_]*)|(&&|\|\||>=|<=|!=|==|[=<>&|!+\-*/()[\]{},.~@]))/y;

/**
 * Cuts a formula into tokens; the last is always 'end'.
 * @throws LanguageError at the first character that begins no token, or above the length limit
 */
export function tokenise(source: string): Token[] {
  if (source.length > LIMITS.formulaCharacters) {
    throw new LanguageError({
      source,
      offset: LIMITS.formulaCharacters,
      problem: `the formula has ${source.length} characters, over the limit formulaCharacters of ${LIMITS.formulaCharacters}`,
    });
  }
  const tokens: Token[] = [];
  let offset = 0;
  while (source.slice(offset).trim() !== '') {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(source);
    if (match === null) throw notAToken(source, offset);
    const text = match[0].trim();
    const at = offset + match[0].length - text.length;
    offset += match[0].length;
    if (match[1] !== undefined) tokens.push(numberToken({ source, text, digits: match[1], unit: match[2], at }));
    else tokens.push({ kind: match[3] === undefined ? 'operator' : 'name', text, at });
  }
  tokens.push({ kind: 'end', text: '', at: source.trimEnd().length });
  return tokens;
}

function notAToken(source: string, offset: number): LanguageError {
  const at = offset + source.slice(offset).length - source.slice(offset).trimStart().length;
  const word = /^\d[\w.]*/.exec(source.slice(at))?.[0];
  if (word !== undefined) {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(\w*)$/.exec(word) ?? [];
    const near = Object.hasOwn(UNITS_MEANT, unit.toLowerCase()) ? UNITS_MEANT[unit.toLowerCase()] : undefined;
    return new LanguageError({
      source,
      offset: at,
      problem: `"${word}" is not a number`,
      expected: ['a number with the unit ms, s, m, h, d, wd or y'],
      suggestion: near === undefined ? undefined : `${digits}${near}`,
    });
  }
  return new LanguageError({
    source,
    offset: at,
    problem: `the character ${JSON.stringify(String.fromCodePoint(source.codePointAt(at) ?? 0))} has no meaning here`,
  });
}

function numberToken(from: { source: string; text: string; digits: string; unit: string | undefined; at: number }): Token {
  const { source, text, digits, unit, at } = from;
  const value = Number(digits);
  if (!Number.isFinite(value) || value > Number.MAX_SAFE_INTEGER)
    throw new LanguageError({ source, offset: at, problem: `the number ${text} is too large` });
  if (unit === undefined) return { kind: 'number', value, whole: !digits.includes('.'), text, at };
  if (unit === 'y') {
    const fen = Math.round(value * 100);
    if (Math.abs(fen - value * 100) > 1e-6)
      throw new LanguageError({ source, offset: at, problem: `${text} is not a whole number of fen` });
    return { kind: 'fen', value: fen, text, at };
  }
  if (unit === 'wd') {
    if (value < 1 || value > LIMITS.workingDays || !Number.isInteger(value)) {
      throw new LanguageError({
        source,
        offset: at,
        problem: `${text} is outside the limit workingDays: 1 to ${LIMITS.workingDays}, whole`,
      });
    }
    return { kind: 'workingDays', value, text, at };
  }
  const ms = value * (UNIT_MS[unit] ?? 1);
  if (ms > LIMITS.windowMs)
    throw new LanguageError({
      source,
      offset: at,
      problem: `${text} is longer than the limit windowMs of ${LIMITS.windowMs / 86_400_000}d`,
    });
  return { kind: 'duration', value: ms, text, at };
}
