import type { IdKind } from '@skyeye/contracts';

const STARS = '*';

/** How an identifier is shown where nobody needs it in clear: 138****5521, 6217****0093, 3715**********1234. */
export function maskIdentifier(kind: IdKind, normalised: string): string {
  const letters = Array.from(normalised);
  const ends = (head: number, tail: number, stars: number): string =>
    letters.length <= head + tail
      ? `${letters[0] ?? ''}${STARS.repeat(3)}`
      : `${letters.slice(0, head).join('')}${STARS.repeat(stars)}${letters.slice(-tail).join('')}`;
  switch (kind) {
    case 'phone':
      // Service numbers and short codes name no person.
      if (letters.length <= 6) return normalised;
      return letters.length < 11 ? ends(3, 2, 4) : ends(3, 4, 4);
    case 'acct':
      return ends(4, 4, 4);
    case 'person':
      return ends(4, 4, Math.max(4, letters.length - 8));
    case 'addr':
      return ends(6, 1, 4);
    default:
      return ends(2, 2, 4);
  }
}

/** 王桂兰 → 王*兰, 张伟 → 张*, 欧阳娜娜 → 欧**娜; the empty name stays empty. */
export function maskName(name: string): string {
  const letters = Array.from(name.trim());
  if (letters.length <= 1) return letters.length === 0 ? '' : STARS;
  if (letters.length === 2) return `${letters[0] ?? ''}${STARS}`;
  return `${letters[0] ?? ''}${STARS.repeat(letters.length - 2)}${letters.at(-1) ?? ''}`;
}
