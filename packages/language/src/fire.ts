import { LanguageError } from './language-error.ts';
import type { CompareOperator } from './ast.ts';
import type { Value } from './event.ts';
import { compare } from './value.ts';

/** Whether a value fires. Null never does. */
export type FireCondition = (value: Value) => boolean;

const RANGE = /^in\[\s*([-+\d.eE]+)\s*,\s*([-+\d.eE]+)\s*\]$/;
const COMPARISON = /^(>=|<=|>|<|==)\s*(.+)$/;
const FORMS = ['>=600', '>=20000y', '==true', 'in[0.9,1.1]'];

/**
 * Reads a fire condition: `>=600`, `>= 20000y` (yuan, compared in fen), `==true`, `in[0.9,1.1]` (both ends included).
 * @throws LanguageError
 */
export function parseFire(source: string): FireCondition {
  const text = source.trim();
  const range = RANGE.exec(text);
  if (range !== null) {
    const [low, high] = [numberOf(range[1], source), numberOf(range[2], source)];
    return (value) => {
      const found = typeof value === 'boolean' ? Number(value) : value;
      return typeof found === 'number' && low <= found && found <= high;
    };
  }
  const match = COMPARISON.exec(text);
  const operand = match?.[2]?.trim();
  if (match === null || operand === undefined)
    throw new LanguageError({ source, offset: 0, problem: 'this is no fire condition', expected: FORMS });
  const operator = match[1] as CompareOperator;
  if (operand === 'true' || operand === 'false') {
    if (operator !== '==')
      throw new LanguageError({ source, offset: 0, problem: `"${operator}" does not go with ${operand}`, expected: [`==${operand}`] });
    return (value) => value !== null && compare('==', value, operand === 'true') === true;
  }
  const bound = operand.endsWith('y') ? numberOf(operand.slice(0, -1), source) * 100 : numberOf(operand, source);
  return (value) => typeof value !== 'string' && compare(operator, value, bound) === true;
}

function numberOf(text: string | undefined, source: string): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value))
    throw new LanguageError({ source, offset: source.indexOf(text ?? ''), problem: `"${text ?? ''}" is not a number`, expected: FORMS });
  return value;
}
