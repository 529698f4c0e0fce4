/** Numbers within this distance of each other count as dialled one after the other. */
export const CONSECUTIVE_STEP = 50;
/** Numbers of so many digits are exact. */
const EXACT_DIGITS = 15;
const ZERO = 48;

/** Digits of a text as a number; as a big one where it has more than a number holds; null without any. */
export function digitsOf(text: string): number | bigint | null {
  let [value, digits] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) continue;
    value = value * 10 + digit;
    digits += 1;
  }
  if (digits === 0) return null;
  return digits <= EXACT_DIGITS ? value : BigInt(text.replaceAll(/\D/g, ''));
}

export function isDialledNext(before: number | bigint | null, next: number | bigint | null): boolean {
  if (before === null || next === null) return false;
  if (typeof before === 'number' && typeof next === 'number') return next - before >= 1 && next - before <= CONSECUTIVE_STEP;
  const step = BigInt(next) - BigInt(before);
  return step >= 1n && step <= BigInt(CONSECUTIVE_STEP);
}
