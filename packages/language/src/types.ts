import type { FieldType } from './schema.ts';

/**
 * Units: `fen`, durations `ms` `s` `min` `h` `day`, `year`, `instant` (epoch ms), `count`, `ratio`, `level`, `hop`, `bit`,
 * `cv`, a rate `fen/day`, and `plain` for a bare number, which takes the unit of what it meets.
 */
export type Unit = string;

export type Type =
  | { readonly kind: 'number'; readonly unit: Unit; /** Values are integers. */ readonly whole: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'enum'; /** null: any word. */ readonly members: readonly string[] | null }
  | { readonly kind: 'id' }
  | { readonly kind: 'text' }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'null' };

export const BOOLEAN: Type = { kind: 'boolean' };
export const number = (unit: Unit, whole: boolean): Type => ({ kind: 'number', unit, whole });
export const COUNT = number('count', true);
export const RATIO = number('ratio', false);

export function typeOfField(field: FieldType): Type {
  switch (field.type) {
    case 'fen':
      return number('fen', true);
    case 'int':
      return number(field.unit ?? 'plain', true);
    case 'num':
      return number(field.unit ?? 'plain', false);
    case 'ms':
      return number('instant', true);
    case 'bool':
      return BOOLEAN;
    case 'enum':
      return { kind: 'enum', members: field.values ?? null };
    case 'id':
      return { kind: 'id' };
    case 'str':
      return { kind: 'text' };
  }
}

/** One type for both, or undefined when they cannot be the same thing: fen and seconds, an id and a number. */
export function unify(a: Type, b: Type): Type | undefined {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'number' && b.kind === 'number') {
    const unit = a.unit === 'plain' ? b.unit : b.unit === 'plain' || a.unit === b.unit ? a.unit : undefined;
    return unit === undefined ? undefined : number(unit, a.whole && b.whole);
  }
  if (a.kind === 'word' && b.kind === 'word') return { kind: 'enum', members: null };
  if (a.kind === 'word') return acceptsWord(b, a.word) ? b : undefined;
  if (b.kind === 'word') return acceptsWord(a, b.word) ? a : undefined;
  if (a.kind === 'enum' && b.kind === 'enum') {
    return { kind: 'enum', members: a.members === null || b.members === null ? null : [...new Set([...a.members, ...b.members])] };
  }
  return a.kind === b.kind ? a : undefined;
}

function acceptsWord(type: Type, word: string): boolean {
  if (type.kind === 'enum') return type.members === null || type.members.includes(word);
  return type.kind === 'id' || type.kind === 'text';
}

/** The type as a person would say it. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case 'number':
      return type.unit === 'plain' ? 'a number' : `a number in ${type.unit}`;
    case 'boolean':
      return 'true or false';
    case 'enum':
      return type.members === null ? 'a word' : `one of {${type.members.join(',')}}`;
    case 'id':
      return 'an identifier';
    case 'text':
      return 'a text';
    case 'word':
      return `the word "${type.word}"`;
    case 'null':
      return 'null';
  }
}

const DURATION_NAMES: Readonly<Record<number, Unit>> = { 1: 'ms', 1000: 's', 60_000: 'min', 3_600_000: 'h', 86_400_000: 'day' };

/** Unit of a product, or undefined when it has no name. */
export function productUnit(a: Unit, b: Unit): Unit | undefined {
  if (NEUTRAL.has(b)) return a === 'plain' ? b : a;
  if (NEUTRAL.has(a)) return b;
  for (const [rate, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const [over, under] = rate.split('/');
    if (under === other && over !== undefined) return over;
  }
  return undefined;
}

/** Unit of a quotient. `literalMs` is the divisor when it is a duration literal: `since(…) / 1h` counts hours. */
export function quotientUnit(a: Unit, b: Unit, literalMs?: number): Unit | undefined {
  if (a === 'ms' && literalMs !== undefined && DURATION_NAMES[literalMs] !== undefined) return DURATION_NAMES[literalMs];
  if (b === 'plain') return a;
  if (a === b || a === 'plain') return 'ratio';
  if (b === 'ratio' || b === 'count') return a;
  if (a.includes('/') || b.includes('/') || a === 'instant' || b === 'instant') return undefined;
  return `${a}/${b}`;
}

const NEUTRAL = new Set(['plain', 'ratio', 'count']);
