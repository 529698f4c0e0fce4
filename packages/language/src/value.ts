import type { CompareOperator } from './ast.ts';
import { compareIds, type Value } from './event.ts';

/** true, false or not known: Kleene's three values. */
export type Truth = boolean | null;

export function kleeneAnd(a: Value, b: Value): Truth {
  if (a === false || b === false) return false;
  if (a === null || b === null) return null;
  return truthOf(a) && truthOf(b);
}

export function kleeneOr(a: Value, b: Value): Truth {
  if (a === true || b === true) return true;
  if (a === null || b === null) return null;
  return truthOf(a) || truthOf(b);
}

export function kleeneNot(a: Value): Truth {
  return a === null ? null : !truthOf(a);
}

export function truthOf(value: number | boolean | string): boolean {
  return value !== false && value !== 0 && value !== '';
}

/** Comparison with null is null; ordering a word against a number is null; false counts as 0 and true as 1. */
export function compare(operator: CompareOperator, a: Value, b: Value): Truth {
  if (a === null || b === null) return null;
  const x = typeof a === 'boolean' ? Number(a) : a;
  const y = typeof b === 'boolean' ? Number(b) : b;
  if (operator === '==') return x === y;
  if (operator === '!=') return x !== y;
  if (typeof x !== typeof y) return null;
  const order = typeof x === 'string' ? compareIds(x, y as string) : x - (y as number);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
  }
}

/** A number for arithmetic; null for what is none. */
export function numeric(value: Value): number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : null;
}
