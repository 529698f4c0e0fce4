import type { Value } from './event.ts';
import type { Type } from './types.ts';

/**
 * A value as the golden files write it: integers in full, other numbers with ten significant digits as C's `%.10g`,
 * `true`, `false`, `null`, words as they are.
 * @param type the formula's type; a number that is not whole by type is written as a fraction would be, however large
 */
export function valueText(value: Value, type: Type): string {
  if (typeof value !== 'number') return String(value);
  const whole = type.kind === 'number' && type.whole && Number.isInteger(value);
  return whole ? String(value) : tenDigits(value);
}

/** C's and Python's `%.10g`. */
export function tenDigits(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', power = '0'] = value.toExponential(9).split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 10) {
    return `${trimmed(digits)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return trimmed(value.toFixed(9 - exponent));
}

function trimmed(digits: string): string {
  return digits.includes('.') ? digits.replace(/0+$/, '').replace(/\.$/, '') : digits;
}
